import type { EditorView } from '@codemirror/view';

import { editorOutline, onOutline } from '../editor';
import { caretPlaces } from '../editor/caretPlaces';
import { connectionOf } from '../editor/connectionFacet';
import type { Role } from '../protocol';
import { Listeners } from '../runtime';
import type { SpecAccess } from '../server/collaborators';

/** Milliseconds for which the access list is not asked for again. */
const FRESH = 60_000;

/** What is known of somebody in a spec besides their name; `null` where it is not. */
export interface Details {
  readonly role: Role | null;
  /** The title of the section that their caret is in; empty before the first heading. */
  readonly section: string | null;
}

/**
 * The role of a user by the access list: their own entry, else the default role.
 *
 * `null` if groups have roles, since this does not say who is in them.
 */
export function roleIn({ collaborators, defaultRole }: SpecAccess, userId: string): Role | null {
  const own = collaborators.find(entry => entry.userId === userId);
  const isByGroup = collaborators.some(({ principal }) => principal.startsWith('group:'));
  return own?.role ?? (isByGroup || defaultRole === 'none' ? null : defaultRole);
}

export interface PeopleDetailsOptions {
  readonly view: EditorView;
  /** Asks for the access list. */
  access(): Promise<SpecAccess>;
  /** Calls back before the next frame; returns how to cancel that. */
  soon(callback: () => void): () => void;
  now(): number;
}

/** Roles and sections of the people in a spec. They are found out only while somebody looks at them. */
export class PeopleDetails {
  private readonly listeners = new Listeners<void>();
  private lookers = 0;
  private stopListening: (() => void) | null = null;
  private access: { readonly value: SpecAccess | null; readonly at: number } | null = null;
  /** By userId: the sections that were told last. */
  private sections: ReadonlyMap<string, string> = new Map();

  constructor(private readonly options: PeopleDetailsOptions) {}

  /** Calls `listener` when details have changed, until the function that it returns is called. */
  look(listener: () => void): () => void {
    const remove = this.listeners.add(listener);
    if (this.lookers++ === 0) {
      this.stopListening = this.listen();
    }
    this.ask();
    return () => {
      remove();
      if (--this.lookers === 0) {
        this.stopListening?.();
        this.stopListening = null;
      }
    };
  }

  of(userId: string): Details {
    const access = this.access?.value;
    const section = (this.lookers ? this.sections : this.present()).get(userId) ?? null;
    return { role: access ? roleIn(access, userId) : null, section };
  }

  /** Looks where everybody is, once a frame at the most, and tells of it where it is another section. */
  private listen(): () => void {
    const { view, soon } = this.options;
    this.sections = this.present();
    let cancel: (() => void) | null = null;
    const later = () => {
      cancel ??= soon(() => {
        cancel = null;
        const sections = this.present();
        const isChanged = [...sections].some(([id, title]) => this.sections.get(id) !== title);
        this.sections = sections;
        if (isChanged) {
          this.listeners.tell();
        }
      });
    };
    const stops = [onOutline(view, later), connectionOf(view.state)?.onCursors(later)];
    return () => {
      stops.forEach(stop => stop?.());
      cancel?.();
    };
  }

  /** By userId: the section that somebody's caret is in, by the caret that moved last. */
  private present(): ReadonlyMap<string, string> {
    const { view } = this.options;
    const outline = editorOutline(view.state);
    const sections = new Map<string, string>();
    for (const { caret, head } of outline ? caretPlaces(view) : []) {
      sections.set(caret.userId, outline!.pathAt(head).at(-1)?.title ?? '');
    }
    return sections;
  }

  /** A list that can't be had leaves the roles out, and is asked for when somebody looks again. */
  private ask(): void {
    const at = this.options.now();
    if (this.access && at - this.access.at < FRESH) {
      return;
    }
    this.access = { value: this.access?.value ?? null, at };
    this.options.access().then(
      value => {
        this.access = { value, at };
        this.listeners.tell();
      },
      () => {
        this.access = null;
      }
    );
  }
}
