import type { TranslationBundle } from '@jupyterlab/translation';

import { textOn } from '../../editor/colours';
import { initialsOf } from '../../editor/initials';
import type { Sitting } from '../../server/history';
import { UNSAVED, type Byline } from '../../sync/authorship';
import { inBackground } from '../../ui/failure';
import type { KnownPeople } from '../knownPeople';
import { fullTime, timeSpan } from '../times';
import { summaryOf } from '../words';

export interface TooltipOptions {
  readonly people: KnownPeople;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
  sittingOf(version: number): Promise<Sitting | null>;
  /** Opens the sitting in the history. */
  open(sitting: Sitting): void;
}

/** Who wrote letters, when, and in which sitting, which it asks for when it is shown. */
export function tooltip(
  version: number,
  { userId, time }: Byline,
  { people, trans, locale, sittingOf, open }: TooltipOptions
): HTMLElement {
  const dom = element('div', 'jp-SpecAuthors-tooltip');
  const name = people.nameOf(userId) || trans.__('Somebody');
  const colour = people.colourOf(userId);
  const avatar = element('span', 'jp-Spec-avatar', initialsOf(name));
  avatar.style.backgroundColor = colour;
  avatar.style.color = textOn(colour);
  avatar.setAttribute('aria-hidden', 'true');
  const who = element('div', 'jp-SpecAuthors-who');
  who.append(avatar, element('strong', '', name));
  const when = version === UNSAVED ? trans.__('Not saved yet') : fullTime(1000 * time, locale);
  dom.append(who, element('div', 'jp-SpecAuthors-when', when));
  if (version !== UNSAVED) {
    inBackground(addSitting());
  }
  return dom;

  async function addSitting(): Promise<void> {
    const sitting = await sittingOf(version);
    if (!sitting) {
      return;
    }
    const { startedAt, endedAt } = sitting;
    const span = timeSpan(Date.parse(startedAt), Date.parse(endedAt), locale);
    const summary = summaryOf(sitting);
    const button = element('button', 'jp-SpecAuthors-open', trans.__('Show in History'));
    button.addEventListener('click', () => open(sitting));
    const text = summary ? trans.__('Written %1: %2', span, summary) : trans.__('Written %1', span);
    dom.append(element('div', 'jp-SpecAuthors-sitting', text), button);
  }
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
