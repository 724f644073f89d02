import type { EditorView } from '@codemirror/view';

/**
 * An input method that writes at the caret of an editor as browsers let it: it changes the text of the page, says so by
 * events, and has no more than that.
 */
export class InputMethod {
  private node: Text | null = null;
  private start = 0;
  private length = 0;

  constructor(private readonly view: EditorView) {
    view.contentDOM.tabIndex = 0; // jsdom gives the focus to nothing else
    view.focus();
  }

  /** Whether what is being written is still in the page, where it was written. */
  get isWhole(): boolean {
    return this.node?.isConnected ?? true;
  }

  begin(): void {
    this.tell('compositionstart', '');
  }

  /** What is being written is this now. */
  async write(text: string): Promise<void> {
    const node = (this.node ??= this.place());
    const { contentDOM } = this.view;
    const more = { inputType: 'insertCompositionText', data: text, isComposing: true };
    contentDOM.dispatchEvent(new InputEvent('beforeinput', { bubbles: true, ...more }));
    this.tell('compositionupdate', text);
    node.replaceData(this.start, this.length, text);
    this.length = text.length;
    document.getSelection()!.collapse(node, this.start + text.length);
    contentDOM.dispatchEvent(new InputEvent('input', { bubbles: true, ...more }));
    await turn(); // the editor looks at the page
  }

  async end(text: string): Promise<void> {
    this.tell('compositionend', text);
    this.node = null;
    await turn();
  }

  /** Writes a word in steps, as with a keyboard that has too few keys. */
  async compose(...steps: readonly string[]): Promise<void> {
    this.begin();
    for (const step of steps) {
      await this.write(step);
    }
    await this.end(steps.at(-1) ?? '');
  }

  /** The text of the page at the caret, or a new one. */
  private place(): Text {
    const { head } = this.view.state.selection.main;
    const { node, offset } = this.view.domAtPos(head);
    if (node instanceof Text) {
      this.start = offset;
      this.length = 0;
      return node;
    }
    const text = document.createTextNode('');
    node.insertBefore(text, node.childNodes[offset] ?? null);
    [this.start, this.length] = [0, 0];
    return text;
  }

  private tell(type: string, data: string): void {
    const event = new CompositionEvent(type, { data, bubbles: true, cancelable: true });
    this.view.contentDOM.dispatchEvent(event);
  }
}

/** Resolves when observers of the page were told of its changes. */
function turn(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}
