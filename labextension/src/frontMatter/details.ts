import type { EditorView, ViewUpdate } from '@codemirror/view';
import { type ISignal, Signal } from '@lumino/signaling';

import { catchUp, goToLine, onUpdate } from '../editor';
import { connectionOf } from '../editor/connectionFacet';
import { HEAD_UNITS } from '../markdown/frontMatter';
import {
  fieldEdit,
  type FormField,
  type FormValues,
  formValuesOf
} from '../markdown/frontMatterForm';
import { mayEdit } from '../protocol';
import { browserEnvironment } from '../runtime';
import { inBackground } from '../ui/failure';

/** Milliseconds after a change of the front matter until it is read again. */
const QUIET = 150;

export interface DetailsState extends FormValues {
  readonly isReadOnly: boolean;
  /** Whether the user may only read; `false` while that is not known. */
  readonly isViewer: boolean;
}

/** The front matter of an editor's text, as fields. Changes are ordinary edits of the text. */
export class Details {
  private readonly change = new Signal<this, void>(this);
  private readonly unfollow: () => void;
  private shown: DetailsState | null = null;
  private cancel = (): void => undefined;
  private isDisposed = false;

  constructor(private readonly view: EditorView) {
    this.unfollow = onUpdate(view, update => this.updated(update));
    inBackground(this.read());
  }

  /** `null` until the text was read. */
  get state(): DetailsState | null {
    return this.shown;
  }

  get changed(): ISignal<this, void> {
    return this.change;
  }

  dispose(): void {
    this.isDisposed = true;
    this.cancel();
    this.unfollow();
    Signal.clearData(this);
  }

  /** Writes a field into the text. What others wrote into other fields stays. */
  async set(name: FormField, value: string): Promise<void> {
    const { view } = this;
    let head = this.head();
    let edit = await fieldEdit(head, name, value);
    while (head !== this.head()) {
      head = this.head(); // somebody has typed meanwhile
      edit = await fieldEdit(head, name, value);
    }
    if (edit && !this.isDisposed && !view.state.readOnly) {
      view.dispatch({ changes: edit, userEvent: 'input.details' });
    }
  }

  /** Shows a line of the text. */
  goTo(line: number): void {
    goToLine(this.view, line);
    this.view.focus();
  }

  focusText(): void {
    this.view.focus();
  }

  /** The beginning of the text, with all that has arrived, as far as front matter is looked for. */
  private head(): string {
    catchUp(this.view);
    const { doc } = this.view.state;
    return doc.sliceString(0, HEAD_UNITS);
  }

  private updated({ docChanged, changes, startState, state }: ViewUpdate): void {
    const touchesHead =
      docChanged && changes.touchesRange(0, Math.min(HEAD_UNITS, startState.doc.length));
    if (touchesHead !== false || state.readOnly !== this.shown?.isReadOnly) {
      this.cancel();
      this.cancel = browserEnvironment.after(QUIET, () => inBackground(this.read()));
    }
  }

  private async read(): Promise<void> {
    const { doc } = this.view.state;
    const values = await formValuesOf(doc.sliceString(0, HEAD_UNITS));
    if (!this.isDisposed) {
      const { state } = this.view;
      const role = connectionOf(state)?.state.role ?? null;
      const isViewer = role !== null && !mayEdit(role);
      this.shown = { ...values, isReadOnly: state.readOnly, isViewer };
      this.change.emit();
    }
  }
}
