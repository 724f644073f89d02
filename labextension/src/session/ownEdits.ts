import type { Operation, Text } from '../text';
import type { Environment } from '../runtime';
import {
  closeStep,
  type History,
  NO_HISTORY,
  recordEdit,
  recordRemote,
  redo,
  type Step,
  undo
} from './undo';
import type { Change, Selection } from '../sync';
import type { Session } from './session';
import type { View } from './views';

type Take = (history: History, text: Text, selection: Selection | null) => Step | null;

/** Applies the edits of this page's user to the document, and undoes them. */
export class OwnEdits {
  private history: History = NO_HISTORY;

  /** `changed` is called with each edit; `by` is the view that made it and shows it already. */
  constructor(
    private readonly environment: Environment,
    private readonly session: Session,
    private readonly changed: (change: Change, by: View | null) => void
  ) {}

  get canUndo(): boolean {
    return this.history.undoable.length > 0;
  }

  get canRedo(): boolean {
    return this.history.redoable.length > 0;
  }

  /** Edits the document; ignored while editing is not possible. */
  edit(operation: Operation, selection: Selection | null, by: View | null): void {
    const { session } = this;
    if (session.canEdit) {
      const { ownSelection } = session.people;
      const now = this.environment.now();
      this.history = recordEdit(this.history, operation, session.document, ownSelection, now);
      this.apply('local', operation, selection, by);
    }
  }

  /** Undoes the last edit; returns the selection from before it. */
  undo(selection: Selection | null): Selection | null {
    return this.step(undo, selection);
  }

  /** Redoes the last undone edit. */
  redo(selection: Selection | null): Selection | null {
    return this.step(redo, selection);
  }

  /** The next edit becomes an undo step of its own. */
  closeStep(): void {
    this.history = closeStep(this.history);
  }

  /** The text changed, but not by an edit of the user. */
  textChanged(operation: Operation): void {
    this.history = recordRemote(this.history, operation);
  }

  private step(take: Take, selection: Selection | null): Selection | null {
    const { session } = this;
    const step = session.canEdit ? take(this.history, session.document, selection) : null;
    if (step) {
      this.history = step.history;
      this.apply('undo', step.operation, step.selection, null);
    }
    return step?.selection ?? null;
  }

  private apply(
    origin: Change['origin'],
    operation: Operation,
    selection: Selection | null,
    by: View | null
  ): void {
    const { session } = this;
    const before = session.document;
    session.people.textChanged(operation, selection);
    session.edit(operation);
    this.changed({ operation, before, after: session.document, origin, userId: null }, by);
  }
}
