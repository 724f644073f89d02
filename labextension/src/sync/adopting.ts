import type { ServerEvent } from '../protocol';
import { inSlices, type Clock } from '../runtime';
import { compose, finish, type Operation } from '../text';
import { type Adopted, type Adoption, adoptedInSteps, withEdits } from './recovery';

/** Texts of this length together, in code points, are compared at once: that takes a few milliseconds. */
const SHORT = 4_000;

/** Gets the outcome, and the events that waited for it; `null` if none had to. */
export type Outcome = (adopted: Adopted, waiting: readonly ServerEvent[] | null) => void;

/**
 * The comparison of the server's whole text with the client's, computed in slices.
 *
 * The user may edit meanwhile: their edits are brought over the outcome. Events of the server wait, so that they keep
 * their order. As in the Python client (`client/sync/meanwhile.py`).
 */
export class Adopting {
  private edits: Operation | null = null;
  private readonly events: ServerEvent[] = [];
  private readonly cancel: () => void;

  private constructor(
    clock: Clock,
    adoption: Adoption,
    private readonly done: Outcome
  ) {
    this.cancel = inSlices(clock, adoptedInSteps(adoption), adopted => this.finished(adopted));
  }

  /** Begins; `null` if the texts are short, and `done` was called. */
  static begin(clock: Clock, adoption: Adoption, done: Outcome): Adopting | null {
    const { current, server } = adoption;
    if (current.text.length + server.content.length <= SHORT) {
      done(finish(adoptedInSteps(adoption)), null);
      return null;
    }
    return new Adopting(clock, adoption, done);
  }

  /** The user edited the shown text. */
  edited(operation: Operation): void {
    this.edits = this.edits ? compose(this.edits, operation) : operation;
  }

  /** Keeps an event until the outcome is there. */
  hold(event: ServerEvent): void {
    this.events.push(event);
  }

  /** The outcome is not wanted any more. */
  stop(): void {
    this.cancel();
  }

  private finished(adopted: Adopted): void {
    this.done(this.edits ? withEdits(adopted, this.edits) : adopted, this.events);
  }
}
