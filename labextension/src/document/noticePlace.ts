import type { EditorView } from '@codemirror/view';

/** Pixels between the cards and the edge of the text. */
const GAP = 12;

/**
 * Where the cards stand over the text: at its lower edge, or at its upper one while they would cover the caret.
 *
 * Laws (`tests/e2e/test_told.py`): the text stays where it is, and the cards do not cover the line that the user
 * writes in.
 */
export class NoticePlace {
  private readonly moved = () => this.update();
  private isFollowing = false;

  /** `node` holds the cards; it lies in the same place as the editor. */
  constructor(
    private readonly node: HTMLElement,
    private readonly editor: EditorView
  ) {}

  /** The cards or the caret may have changed. */
  update(): void {
    this.follow(this.node.childElementCount > 0);
    if (!this.isFollowing) {
      this.node.classList.remove('jp-mod-top');
      return;
    }
    this.editor.requestMeasure({
      key: this,
      read: view => this.measure(view),
      write: ({ isOnTop, edge }) => {
        this.node.classList.toggle('jp-mod-top', isOnTop);
        this.node.style.setProperty('--jp-SpecNotices-edge', `${edge + GAP}px`);
      }
    });
  }

  dispose(): void {
    this.follow(false);
  }

  /** Follows the caret while there is a card. */
  private follow(isFollowing: boolean): void {
    if (isFollowing === this.isFollowing) {
      return;
    }
    this.isFollowing = isFollowing;
    if (isFollowing) {
      document.addEventListener('selectionchange', this.moved);
    } else {
      document.removeEventListener('selectionchange', this.moved);
    }
  }

  private measure(view: EditorView): { isOnTop: boolean; edge: number } {
    const whole = view.dom.getBoundingClientRect();
    const text = view.scrollDOM.getBoundingClientRect();
    const caret = view.hasFocus ? view.coordsAtPos(view.state.selection.main.head) : null;
    const height = this.node.offsetHeight + 2 * GAP;
    const wasOnTop = this.node.classList.contains('jp-mod-top');
    const coversBelow = caret !== null && caret.bottom > text.bottom - height;
    const coversAbove = caret !== null && caret.top < text.top + height;
    const isOnTop = wasOnTop ? !coversAbove || coversBelow : coversBelow && !coversAbove;
    return { isOnTop, edge: isOnTop ? text.top - whole.top : whole.bottom - text.bottom };
  }
}
