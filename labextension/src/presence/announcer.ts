import type { Draft } from '../protocol';
import type { Operation } from '../text';
import type { Environment } from '../runtime';
import { moveSelection, sameSelection, type Selection } from '../sync';
import { lengthOf } from './draft';

/** Milliseconds between two messages about the cursor or a short draft. */
const EVERY = 100;
/** Milliseconds after a long draft, until the next draft. */
const LONG_EVERY = 500;
/** The length from which a draft is a long one, as `lengthOf` counts it. */
const LONG = 400;
/** Milliseconds after which an operation without an answer is shown to others as a draft. */
const SLOW_ANSWER = 50;
/** Milliseconds after which a draft is sent again, before others give it up. */
const AGAIN = 2_500;

/**
 * What is unsaved, for drafts. `unsent`: edits that are not sent yet. `unanswered`: an operation in flight. `nothing`
 * also where nobody could see a draft.
 */
export type Unsaved = 'nothing' | 'unanswered' | 'unsent';

export interface AnnouncerSource {
  unsaved(): Unsaved;
  /** The draft to send; `null` if it would be too long. */
  draft(selection: Selection | null): Draft | null;
  /**
   * Sends a cursor, with or without a draft; returns `false` where that is not possible. Without a draft it is not
   * possible while edits are unsent, except to end (`ends`) a draft that others show.
   */
  announce(selection: Selection | null, draft: Draft | null, ends: boolean): boolean;
}

/**
 * Sends the user's cursor: at most ten times a second, and only where others can't compute it themselves. They
 * move every cursor with each operation.
 *
 * While edits are unsent, a draft of them goes along; it is sent at once, and again with each change.
 */
export class Announcer {
  private selection: Selection | null = null;
  /** The selection that others show, in the shown text. */
  private announced: Selection | null = null;
  /** The draft that others show, as JSON, and when it was sent; `null` where they show none. */
  private draft: { readonly json: string; readonly at: number } | null = null;
  /** Before this time no draft is sent. */
  private nextDraft = 0;
  /** When the operation in flight is worth a draft. */
  private slowFrom = 0;
  private timer: { readonly due: number; readonly cancel: () => void } | null = null;

  constructor(
    private readonly environment: Environment,
    private readonly source: AnnouncerSource
  ) {}

  get current(): Selection | null {
    return this.selection;
  }

  /** The user moved the cursor. */
  set(selection: Selection | null): void {
    this.selection = selection;
    this.schedule();
  }

  /** The text changed; a change by someone else (`isOwn` false) moves the user's cursor, too. */
  textChanged(operation: Operation, isOwn: boolean): void {
    this.announced = this.announced && moveSelection(this.announced, operation);
    if (!isOwn) {
      this.selection = this.selection && moveSelection(this.selection, operation);
    }
  }

  /** The cursor has to be sent again. */
  forget(): void {
    this.wasAnnounced(null);
  }

  /** The cursor goes with an operation. */
  goesAlong(selection: Selection): void {
    this.announced = selection;
    this.slowFrom = this.environment.now() + SLOW_ANSWER;
  }

  /**
   * An operation with the cursor has left. Where it comes after a draft it ends it, although the draft may hold what
   * was typed since; therefore that is sent anew at once.
   */
  operationSent(): void {
    const isShown = this.draft !== null;
    this.draft = null;
    if (isShown && this.source.unsaved() === 'unsent') {
      this.nextDraft = 0;
      this.flush();
    }
  }

  /** Tries to send the cursor soon, if others do not have it. */
  schedule(): void {
    if (!sameSelection(this.selection, this.announced)) {
      this.flushAfter(EVERY);
    }
  }

  /** The unsaved edits may have changed. */
  unsavedChanged(): void {
    switch (this.source.unsaved()) {
      case 'unsent':
        return this.flushAfter(Math.max(0, this.nextDraft - this.environment.now()));
      case 'unanswered':
        return this.flushAfter(Math.max(SLOW_ANSWER, this.nextDraft - this.environment.now()));
      case 'nothing':
        if (this.draft) {
          this.flushAfter(0);
        }
    }
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private flushAfter(delay: number): void {
    const due = this.environment.now() + delay;
    if (!this.timer || this.timer.due > due) {
      this.timer?.cancel();
      const cancel = this.environment.after(delay, () => {
        this.timer = null;
        this.flush();
      });
      this.timer = { due, cancel };
    }
  }

  private flush(): void {
    const { selection } = this;
    const unsaved = this.source.unsaved();
    const early = this.slowFrom - this.environment.now();
    if (unsaved === 'unanswered' && early > 0) {
      this.flushAfter(early);
      return;
    }
    const draft = unsaved === 'nothing' ? null : this.source.draft(selection);
    if (draft) {
      this.flushDraft(draft);
      return;
    }
    const ends = this.draft !== null;
    const isNews = ends || !sameSelection(selection, this.announced);
    if (isNews && this.source.announce(selection, null, ends)) {
      this.wasAnnounced(selection);
    }
  }

  private wasAnnounced(selection: Selection | null): void {
    this.announced = selection;
    this.draft = null;
  }

  private flushDraft(draft: Draft): void {
    const now = this.environment.now();
    if (now < this.nextDraft) {
      this.flushAfter(this.nextDraft - now);
      return;
    }
    const json = JSON.stringify(draft);
    const isNews = json !== this.draft?.json || now - this.draft.at >= AGAIN;
    if (isNews && this.source.announce(this.selection, draft, false)) {
      this.announced = this.selection;
      this.draft = { json, at: now };
      this.nextDraft = now + (lengthOf(draft) > LONG ? LONG_EVERY : EVERY);
    }
    this.flushAfter(AGAIN);
  }
}
