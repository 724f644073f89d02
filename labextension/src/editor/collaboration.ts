import {
  Annotation,
  Compartment,
  EditorState,
  type Extension,
  Prec,
  Transaction
} from '@codemirror/state';
import { EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';

import type { Change, ConnectionState, SpecConnection, View } from '../session';
import { Arrivals } from './arrivals';
import { cleaning, growthOf, toChanges, toOperation, toSelection } from './changes';
import { besideComposition, isComposing, isComposition } from './composedText';
import { connectionFacet, connectionOf } from './connectionFacet';
import { showDrafts } from './draftMarks';
import { dispatchInPlace, scrollKeeper } from './scroll';

/** Marks a transaction with a change from the connection, which must not be sent back to it. */
const fromConnection = Annotation.define<true>();

const editable = new Compartment();

/**
 * Binds an editor to a connection's document. The editor has to be created with that document's text.
 *
 * Local transactions become edits at once, independently of the network. Changes of others are dispatched in
 * the form that the connection has transformed them into, those of a frame as one; `Arrivals` tells when. They are
 * marked as remote, so that history, completer and scroll position ignore them. The editor is read-only while the
 * connection accepts no edits.
 *
 * The editor's text may therefore lack edits that the document has. {@link View} translates between both; what needs
 * the same text in both calls {@link catchUp} first.
 */
export function collaboration(connection: SpecConnection): Extension {
  return [
    connectionFacet.of(connection),
    scrollKeeper,
    binding,
    editable.of(editability(writingOf(connection.state))),
    Prec.highest(
      EditorView.updateListener.of(update => update.view.plugin(binding)?.edited(update))
    ),
    EditorState.changeFilter.of(
      transaction =>
        isFromConnection(transaction) ||
        isComposition(transaction) ||
        accepts(connection, transaction)
    ),
    EditorState.transactionFilter.of(clean)
  ];
}

function isFromConnection(transaction: Transaction): boolean {
  return transaction.annotation(fromConnection) === true;
}

/** Whether the connection accepts this change of the user. */
function accepts(connection: SpecConnection, { changes, startState }: Transaction): boolean {
  const { canEdit, limits } = connection.state;
  const newLength = connection.document.utf16Length + changes.newLength - changes.length;
  if (!canEdit || newLength <= (limits?.documentLength ?? Infinity)) {
    return canEdit;
  }
  return connection.mayGrow(growthOf(changes, startState.doc));
}

/** Removes characters that a spec must not contain from typed and pasted text. */
function clean(transaction: Transaction): Transaction | readonly [Transaction, object] {
  if (!transaction.docChanged || isFromConnection(transaction)) {
    return transaction;
  }
  const changes = cleaning(transaction);
  return changes.length ? [transaction, { changes, sequential: true }] : transaction;
}

/** Whether the user edits, or writes beside the text, or only reads. */
type Writing = 'edits' | 'comments' | 'reads';

function writingOf({ canEdit, role }: ConnectionState): Writing {
  return canEdit ? 'edits' : role === 'commenter' ? 'comments' : 'reads';
}

/**
 * A read-only editor stays focusable, so that its text can be read and copied with the keyboard. That of a commenter
 * also has a caret and takes keys, of which the text stays as it is: see `typedSuggestions.ts`.
 */
function editability(writing: Writing): Extension {
  return [
    EditorState.readOnly.of(writing !== 'edits'),
    EditorView.editable.of(writing !== 'reads'),
    // Spelt as JupyterLab spells it: else it would take JupyterLab's attribute with it when it goes.
    writing !== 'reads'
      ? []
      : EditorView.contentAttributes.of({ tabIndex: '0', 'aria-readonly': 'true' })
  ];
}

class Binding implements PluginValue {
  readonly attached: View;
  readonly arrivals: Arrivals;
  private readonly unsubscribe: () => void;
  private writing: Writing;

  constructor(
    private readonly view: EditorView,
    private readonly connection: SpecConnection
  ) {
    this.writing = writingOf(connection.state);
    this.attached = connection.attach(
      change => this.follow(change),
      change => this.arrivals.arrived(change)
    );
    this.arrivals = new Arrivals(view, this.attached);
    this.unsubscribe = connection.subscribe(state => this.setEditable(writingOf(state)));
  }

  /** Passes the user's changes and selection in a finished update to the connection. */
  edited(update: ViewUpdate): void {
    for (const transaction of update.transactions) {
      if (transaction.docChanged && !isFromConnection(transaction) && !isComposition(transaction)) {
        this.edit(transaction);
      }
    }
    const isMoved = update.selectionSet || update.focusChanged;
    if (isMoved && update.view.hasFocus && !isComposing(update.state)) {
      const { main } = update.state.selection;
      const { attached } = this;
      this.connection.setCursor(attached.inDocument(toSelection(main, attached.text)));
    }
  }

  update(update: ViewUpdate): void {
    if (update.viewportChanged) {
      this.arrivals.scrolled();
    }
  }

  destroy(): void {
    this.arrivals.cancel();
    this.unsubscribe();
    this.attached.detach();
  }

  private edit(transaction: Transaction): void {
    const { changes, newDoc, newSelection } = transaction;
    const operation = toOperation(changes, this.attached.text, newDoc);
    this.attached.edit(operation, after => toSelection(newSelection.main, after));
  }

  /** A draft goes in the transaction in which its operation comes. */
  private follow(change: Change): void {
    const { state } = this.view;
    const { changes, effects } = besideComposition(
      state,
      toChanges(change.operation, change.before)
    );
    const hasText = !this.attached.isBehind && !isComposing(state);
    dispatchInPlace(this.view, {
      changes,
      effects: [effects ?? [], hasText ? showDrafts(this.connection) : []].flat(),
      annotations: [
        fromConnection.of(true),
        Transaction.remote.of(change.origin !== 'undo'),
        Transaction.addToHistory.of(false)
      ]
    });
  }

  private setEditable(writing: Writing): void {
    if (writing !== this.writing) {
      this.writing = writing;
      dispatchInPlace(this.view, { effects: editable.reconfigure(editability(writing)) });
    }
  }
}

const binding = ViewPlugin.define(view => {
  const connection = connectionOf(view.state);
  if (!connection) {
    throw new Error('A binding needs a connection.');
  }
  return new Binding(view, connection);
});

/** The view of the connection's document that the editor is; `null` for an editor without a connection. */
export function attachedTo(view: EditorView): View | null {
  return view.plugin(binding)?.attached ?? null;
}

/** Shows all edits of others that wait, so that the editor has the document's text. */
export function catchUp(view: EditorView): void {
  view.plugin(binding)?.arrivals.show();
}
