import type { TranslationBundle } from '@jupyterlab/translation';

import { HEADING_ATTRIBUTE } from '../../outline/heading';
import type { ReadMarksApi, SubjectChange } from '../../server/readMarks';
import type { SpecsApi } from '../../server/specs';
import type { SpecConnection } from '../../session';
import { subjectSentence } from './sentences';

/** Milliseconds in which the server is asked once about a spec at most. */
const PAUSE = 30_000;

export interface SectionNotesOptions {
  readonly marks: Pick<ReadMarksApi, 'changesSince'>;
  readonly specs: Pick<SpecsApi, 'get'>;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
}

/** What is known of the sections of a spec. */
interface Known {
  readonly version: number;
  readonly at: number;
  readonly changes: Promise<ReadonlyMap<string, SubjectChange>>;
}

/**
 * Tells the pointer who changed a section last, and when: on headings of the preview, of the line above the text, and
 * of the table of contents.
 *
 * The server is asked when the pointer is on a heading: once for a version, and once in {@link PAUSE} milliseconds.
 */
export class SectionNotes {
  private readonly known = new WeakMap<SpecConnection, Known>();
  /** The titles that elements had before, and those that they were given. */
  private readonly titles = new WeakMap<HTMLElement, { readonly own: string; given: string }>();

  constructor(private readonly options: SectionNotesOptions) {}

  /** Does so for all headings in an element; `specOf` tells the spec that an element belongs to. */
  follow(within: HTMLElement, specOf: (node: Element) => SpecConnection | null): void {
    within.addEventListener('mouseover', ({ target }) => {
      const heading =
        target instanceof Element ? target.closest<HTMLElement>(`[${HEADING_ATTRIBUTE}]`) : null;
      const connection = heading && specOf(heading);
      if (heading && connection) {
        // The table of contents has titles of its own inside of its headings.
        const titled = (target as Element).closest<HTMLElement>('[title]:not(a)');
        const shown = titled && heading.contains(titled) ? titled : heading;
        this.tell(shown, heading.getAttribute(HEADING_ATTRIBUTE) ?? '', connection);
      }
    });
  }

  private tell(element: HTMLElement, id: string, connection: SpecConnection): void {
    this.sentenceOf(id, connection).then(
      sentence => {
        const known = this.titles.get(element);
        const own = known && known.given === element.title ? known.own : element.title;
        element.title = [own, sentence].filter(Boolean).join('\n');
        this.titles.set(element, { own, given: element.title });
      },
      () => undefined // the pointer is told nothing
    );
  }

  /** "Changed by Grace: Tuesday, 14:02"; empty where nothing is known. */
  async sentenceOf(id: string, connection: SpecConnection): Promise<string> {
    const { trans, locale } = this.options;
    const change = (await this.changesOf(connection)).get(id);
    return change ? subjectSentence(change, Date.now(), trans, locale) : '';
  }

  private changesOf(connection: SpecConnection): Promise<ReadonlyMap<string, SubjectChange>> {
    const { version } = connection.state;
    const known = this.known.get(connection);
    if (known && (known.version === version || Date.now() - known.at < PAUSE)) {
      return known.changes;
    }
    const changes = this.ask(connection.specId);
    this.known.set(connection, { version, at: Date.now(), changes });
    return changes;
  }

  /** What changed since the last visit goes before what changed since the beginning. */
  private async ask(specId: string): Promise<ReadonlyMap<string, SubjectChange>> {
    const { marks, specs } = this.options;
    const { readVersion } = await specs.get(specId);
    const all = await marks.changesSince(specId, 0);
    const latest = readVersion ? await marks.changesSince(specId, readVersion) : all;
    return new Map(
      [...all.entries, ...latest.entries].map(entry => [entry.subject?.id ?? '', entry])
    );
  }
}
