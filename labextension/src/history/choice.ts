import type { Sitting } from '../server/history';

/** Which sittings are shown. */
export interface HistoryChoice {
  /** Only those in which this person wrote. */
  readonly user: string | null;
  /** Only those that changed this heading or requirement. */
  readonly subject: { readonly id: string; readonly title: string } | null;
  readonly labelsOnly: boolean;
  /** Words that have to stand in a label, the summary or a name. */
  readonly search: string;
}

export const EVERYTHING: HistoryChoice = {
  user: null,
  subject: null,
  labelsOnly: false,
  search: ''
};

/** Whether the choice leaves sittings out. */
export function leavesOut({ user, subject, labelsOnly, search }: HistoryChoice): boolean {
  return user !== null || subject !== null || labelsOnly || search.trim() !== '';
}

/** Whether a sitting, which the server has chosen by person and section, is among those that are shown. */
export function isShown(sitting: Sitting, { labelsOnly, search }: HistoryChoice): boolean {
  const labels = sitting.revisions.flatMap(({ label }) => label ?? []);
  if (labelsOnly && labels.length === 0) {
    return false;
  }
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const names = sitting.people.map(({ userName }) => userName);
  const text = [...labels, sitting.changesSummary, ...names].join('\n').toLocaleLowerCase();
  return words.every(word => text.includes(word));
}
