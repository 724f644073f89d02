import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import { failureNote } from './failureNote';

export interface LateContentOptions<T extends Widget> {
  /** Loads the code of the content, and makes it. After a failure it is called again when the user asks for it. */
  load(): Promise<T>;
  /** A sentence that names what failed, as in `errorSentence`. */
  readonly failed: string;
  readonly trans: TranslationBundle;
}

/** A place whose content is loaded when it is seen first. Where that fails, it says so, with a button to try again. */
export class LateContent<T extends Widget> extends Panel {
  private content: T | null = null;
  private loading: Promise<T> | null = null;
  private note: Widget | null = null;

  constructor(private readonly options: LateContentOptions<T>) {
    super();
    this.addClass('jp-SpecLateContent');
  }

  /** The content; `null` as long as it was not loaded. */
  get widget(): T | null {
    return this.content;
  }

  /** Loads the content where that was not done. Rejects where it fails, which the place tells by itself. */
  load(): Promise<T> {
    this.loading ??= this.begin();
    return this.loading;
  }

  /** The focus goes to the place at once, so that no key reaches what had it before, and from there to the content. */
  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    if (this.content) {
      this.content.activate();
    } else {
      this.takeFocus();
    }
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.loadIfSeen();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.loadIfSeen();
  }

  private loadIfSeen(): void {
    if (this.isVisible) {
      this.load().catch(() => undefined); // the place has told it
    }
  }

  private async begin(): Promise<T> {
    this.node.setAttribute('aria-busy', 'true');
    try {
      const content = await this.options.load();
      this.fill(content);
      return content;
    } catch (error) {
      this.loading = null;
      this.tell(error);
      throw error;
    } finally {
      this.node.removeAttribute('aria-busy');
    }
  }

  private fill(content: T): void {
    if (this.isDisposed) {
      content.dispose();
      return;
    }
    const hadFocus = this.node.contains(document.activeElement);
    this.content = content;
    this.note?.dispose();
    this.addWidget(content);
    if (hadFocus) {
      this.takeFocus(); // a button that was pressed is gone
      content.activate();
    }
  }

  private takeFocus(): void {
    this.node.tabIndex = -1;
    this.node.focus();
  }

  private tell(error: unknown): void {
    this.note?.dispose();
    if (!this.isDisposed) {
      const { failed, trans } = this.options;
      const node = failureNote(error, failed, trans, () => this.loadIfSeen());
      this.note = new Widget({ node });
      this.addWidget(this.note);
    }
  }
}
