import type { EditorView } from '@codemirror/view';

import { editorOutline, onOutline } from '../editor';
import { caretPlaces } from '../editor/caretPlaces';
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
  now(): number;
}

/** Roles and sections of the people in a spec. They are found out only while somebody looks at them. */
export class PeopleDetails {
  private readonly listeners = new Listeners<void>();
  private lookers = 0;
  private stopListening: (() => void) | null = null;
  private access: { readonly value: SpecAccess | null; readonly at: number } | null = null;

  constructor(private readonly options: PeopleDetailsOptions) {}

  /** Calls `listener` when details have changed, until the function that it returns is called. */
  look(listener: () => void): () => void {
    const { view } = this.options;
    const remove = this.listeners.add(listener);
    if (this.lookers++ === 0) {
      this.stopListening = onOutline(view, () => this.listeners.tell());
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
    return { role: access ? roleIn(access, userId) : null, section: this.sectionOf(userId) };
  }

  private sectionOf(userId: string): string | null {
    const { view } = this.options;
    const outline = editorOutline(view.state);
    const place = caretPlaces(view).findLast(({ caret }) => caret.userId === userId);
    if (!outline || !place) {
      return null;
    }
    return outline.pathAt(place.head).at(-1)?.title ?? '';
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
