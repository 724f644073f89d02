import {
  Change,
  type Chunk,
  getChunks,
  MergeView,
  presentableDiff,
  unifiedMergeView
} from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, lineNumbers } from '@codemirror/view';
import type { TranslationBundle } from '@jupyterlab/translation';

import { toChanges } from '../../editor/changes';
import type { Change as SpecChange } from '../../session';
import type { Operation, Text } from '../../text';
import { authorMarks, authorsFound, type Written } from './authorMarks';
import { differencesIn } from './passage';
import { type Passage, passageOf } from './passages';
import type { Sight } from './sight';

/** What limits a comparison of what has changed since the first one. */
const LATER = { scanLimit: 500, timeout: 40 };
/** Unchanged lines that stay around a change, and the least number of lines that are folded. */
const FOLDING = { margin: 3, minSize: 5 };

export interface EditorsOptions {
  readonly older: Text;
  readonly newer: Text;
  /** From the older text to the newer one. */
  readonly difference: Operation;
  readonly mode: 'unified' | 'beside';
  readonly isFolded: boolean;
  /** JupyterLab's theme and language. */
  readonly extensions: Extension;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
  /** The newer text as it is shown, and who wrote it. */
  written(): Written;
  /** Whether passages can be restored. */
  readonly isRestorable: boolean;
  restore(passage: Passage): void;
  /** The text, the selection or what is shown of it has changed. */
  changed(): void;
}

/** The editors in which two texts are compared: one or two of them, in both of which nobody types. */
export class Editors implements Sight {
  readonly node = document.createElement('div');
  private readonly newerView: EditorView;
  private readonly merge: MergeView | null = null;

  constructor(private readonly options: EditorsOptions) {
    const { older, newer, mode } = options;
    const { node } = this;
    node.className = `jp-SpecCompare-editors jp-mod-${mode}`;
    const diffConfig = { ...LATER, override: differ(options) };
    const collapseUnchanged = options.isFolded ? FOLDING : undefined;
    const [a, b] = [older.toString(), newer.toString()];
    const shared = [
      options.extensions,
      lineNumbers(),
      drawSelection(),
      highlightSpecialChars(),
      EditorView.lineWrapping,
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorState.phrases.of(phrasesOf(options))
    ];
    const { trans } = options;
    const own = [
      ...shared,
      EditorView.contentAttributes.of({
        tabindex: '0',
        'aria-readonly': 'true',
        'aria-label': trans.__('Newer text')
      }),
      authorMarks(() => options.written()),
      EditorView.updateListener.of(update => {
        if (update.docChanged || update.selectionSet) {
          options.changed();
        }
      })
    ];
    if (mode === 'beside') {
      const label = {
        tabindex: '0',
        'aria-readonly': 'true',
        'aria-label': trans.__('Older text')
      };
      this.merge = new MergeView({
        a: { doc: a, extensions: [...shared, EditorView.contentAttributes.of(label)] },
        b: { doc: b, extensions: own },
        parent: node,
        gutter: true,
        highlightChanges: true,
        diffConfig,
        ...(collapseUnchanged ? { collapseUnchanged } : {}),
        ...(options.isRestorable
          ? { revertControls: 'a-to-b' as const, renderRevertControl: () => this.button() }
          : {})
      });
      this.newerView = this.merge.b;
    } else {
      const unified = unifiedMergeView({
        original: a,
        gutter: true,
        highlightChanges: true,
        syntaxHighlightDeletions: false,
        diffConfig,
        ...(collapseUnchanged ? { collapseUnchanged } : {}),
        mergeControls: type =>
          type === 'reject' && options.isRestorable ? this.button() : document.createElement('i')
      });
      this.newerView = new EditorView({ doc: b, extensions: [...own, unified], parent: node });
    }
    node.classList.toggle('jp-mod-told', options.written().authors !== null);
    // The package's own handler would write into the comparison.
    node.addEventListener('mousedown', event => this.pressed(event), true);
    node.addEventListener('click', event => this.clicked(event), true);
  }

  destroy(): void {
    this.merge?.destroy();
    this.newerView.destroy();
    this.node.remove();
  }

  get count(): number {
    return this.chunks.length;
  }

  private get chunks(): readonly Chunk[] {
    return getChunks(this.newerView.state)?.chunks ?? [];
  }

  /** The index of the change that the caret is in; -1 if it is in none. */
  get current(): number {
    const { head } = this.newerView.state.selection.main;
    return this.chunks.findIndex(({ fromB, endB }) => fromB <= head && head <= endB);
  }

  /** Goes to the next change, or to the one before; around at the ends. */
  go(step: 1 | -1): void {
    const { chunks } = this;
    const { head } = this.newerView.state.selection.main;
    const next =
      step > 0
        ? chunks.findIndex(({ fromB }) => fromB > head)
        : chunks.findLastIndex(({ endB }) => endB < head);
    this.goTo(next >= 0 ? next : step > 0 ? 0 : chunks.length - 1);
  }

  goTo(index: number): void {
    const chunk = this.chunks[index];
    if (chunk) {
      const anchor = Math.min(chunk.fromB, this.newerView.state.doc.length);
      this.newerView.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: 'center' })
      });
    }
  }

  focus(): void {
    this.newerView.focus();
  }

  /** The newer text has changed. */
  follow(changes: readonly SpecChange[]): void {
    const specs = changes.map(({ operation, before }) => ({
      changes: toChanges(operation, before),
      sequential: true
    }));
    if (specs.length > 0) {
      this.newerView.dispatch(...specs);
    }
  }

  /** It has become known who wrote the newer text. */
  showAuthors(): void {
    this.node.classList.add('jp-mod-told');
    this.newerView.dispatch({ effects: authorsFound.of(null) });
  }

  /** What differs in the change with this index; `null` if there is none. */
  passage(index: number): Passage | null {
    const chunk = this.chunks[index];
    if (!chunk) {
      return null;
    }
    const { older } = this.options;
    const { text } = this.options.written();
    const differences = chunk.changes.map(({ fromA, toA, fromB, toB }) => ({
      fromA: chunk.fromA + fromA,
      toA: Math.min(chunk.fromA + toA, older.utf16Length),
      fromB: chunk.fromB + fromB,
      toB: Math.min(chunk.fromB + toB, text.utf16Length)
    }));
    return passageOf(older, this.options.written(), differences, chunk);
  }

  private button(): HTMLElement {
    const { trans, mode } = this.options;
    const button = document.createElement('button');
    const label = trans.__('Restore this passage');
    button.type = 'button';
    button.className = 'jp-SpecCompare-restore';
    button.title = label;
    button.setAttribute('aria-label', label);
    button.textContent = mode === 'beside' ? '→' : trans.__('Restore passage');
    return button;
  }

  private pressed(event: Event): void {
    if (restoring(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  private clicked(event: Event): void {
    const button = restoring(event);
    const passage = button && this.passage(this.indexOf(button));
    if (passage) {
      event.preventDefault();
      event.stopPropagation();
      this.options.restore(passage);
    }
  }

  /** The index of the change that a button belongs to. */
  private indexOf(button: HTMLElement): number {
    if (button.dataset.chunk !== undefined) {
      return Number(button.dataset.chunk);
    }
    const deleted = button.closest('.cm-deletedChunk');
    const at = deleted ? this.newerView.posAtDOM(deleted) : -1;
    return this.chunks.findIndex(({ fromB }) => fromB === at);
  }
}

function restoring({ target }: Event): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('.jp-SpecCompare-restore') : null;
}

/** The differences that are known already for the first texts; later only what is around an edit is compared. */
function differ({ older, newer, difference }: EditorsOptions) {
  const [before, after] = [older.toString(), newer.toString()];
  const first = differencesIn(difference, older, newer).map(
    ({ fromA, toA, fromB, toB }) => new Change(fromA, toA, fromB, toB)
  );
  return (a: string, b: string): readonly Change[] =>
    a === before && b === after ? first : presentableDiff(a, b, LATER);
}

/** What `@codemirror/merge` says, in the user's language. */
function phrasesOf({ trans }: EditorsOptions): Record<string, string> {
  return {
    '$ unchanged lines': trans.__('%1 unchanged lines', '$')
  };
}
