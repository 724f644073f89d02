import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandToolbarButton, SidePanel } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { type ISignal, Signal } from '@lumino/signaling';
import { Panel } from '@lumino/widgets';

import { CommandIDs } from '../ui/commandIds';
import { inBackground, unawaited } from '../ui/failure';
import type { CommentedSpec } from './commentedSpec';
import { commentIcon } from './icons';
import type { CommentsView, ListedSpec } from './sidebar/commentsView';

export interface ThreadsPanelOptions {
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
  /** Makes the list, whose code is loaded then. */
  makeView(): Promise<CommentsView>;
  /** What the list shows of a spec. */
  listed(spec: CommentedSpec): Promise<ListedSpec>;
}

/** The comments of the current spec in the right sidebar. The list is loaded when the panel is shown first. */
export class ThreadsPanel extends SidePanel {
  private readonly seen = new Signal<this, void>(this);
  private view: CommentsView | null = null;
  private shownSpec: CommentedSpec | null = null;
  private isLoading = false;
  private isWanted = false;

  constructor(private readonly options: ThreadsPanelOptions) {
    super({ content: new Panel() });
    const { commands, trans } = options;
    this.id = 'jupyter-speccollab:comments';
    this.title.icon = commentIcon;
    this.title.caption = trans.__('Comments on the Spec');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Comments on the spec'));
    this.addClass('jp-ThreadsPanel');
    for (const id of [CommandIDs.comment, CommandIDs.suggest]) {
      this.toolbar.addItem(id, new CommandToolbarButton({ commands, id, label: '' }));
    }
  }

  /** The spec whose comments are listed; `null` for none. */
  get spec(): CommentedSpec | null {
    return this.shownSpec;
  }

  set spec(spec: CommentedSpec | null) {
    if (spec !== this.shownSpec) {
      this.shownSpec = spec;
      this.display();
      this.seen.emit();
    }
  }

  /** Emits when the panel comes or goes, or lists another spec. */
  get changed(): ISignal<this, void> {
    return this.seen;
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.isWanted = true;
    this.giveFocus();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.display();
    this.seen.emit();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.display();
    this.seen.emit();
  }

  /** Nothing is listed where nobody sees it. */
  private display(): void {
    const { trans } = this.options;
    if (this.isVisible || this.view) {
      unawaited(this.load(), trans.__('The comments could not be shown.'), trans);
    }
  }

  private async load(): Promise<void> {
    const { options } = this;
    if (!this.view) {
      if (this.isLoading) {
        return;
      }
      this.isLoading = true;
      try {
        this.view = await options.makeView();
      } finally {
        this.isLoading = false;
      }
      this.addWidget(this.view);
    }
    const { shownSpec: spec } = this;
    const listed = this.isVisible && spec ? await options.listed(spec) : null;
    if (!this.isDisposed && (spec === this.shownSpec || listed === null)) {
      this.view.display(this.isVisible ? listed : null);
      this.giveFocus();
    }
  }

  /** Once what the panel shows is in the page; a field that is written in has it already. */
  private giveFocus(): void {
    const { view } = this;
    if (this.isWanted && view) {
      this.isWanted = false;
      inBackground(
        Promise.resolve(view.renderPromise).then(() => {
          if (!view.node.contains(document.activeElement)) {
            view.focusList();
          }
        })
      );
    }
  }
}
