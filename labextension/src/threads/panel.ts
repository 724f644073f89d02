import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandToolbarButton, SidePanel } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { type ISignal, Signal } from '@lumino/signaling';
import { Panel } from '@lumino/widgets';

import { CommandIDs } from '../ui/commandIds';
import { unawaited } from '../ui/failure';
import { LateContent } from '../ui/lateContent';
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
  private readonly late: LateContent<CommentsView>;
  private shownSpec: CommentedSpec | null = null;

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
    this.late = new LateContent({
      trans,
      failed: trans.__('The comments can’t be shown.'),
      load: () => this.makeView()
    });
    this.addWidget(this.late);
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
    this.late.activate();
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

  private display(): void {
    const { trans } = this.options;
    const view = this.late.widget;
    if (view) {
      unawaited(this.list(view), trans.__('The comments can’t be shown.'), trans);
    }
  }

  /** Makes the list, with what it shows; another spec may be chosen meanwhile. */
  private async makeView(): Promise<CommentsView> {
    const view = await this.options.makeView();
    try {
      let spec: CommentedSpec | null;
      do {
        spec = this.shownSpec;
        await this.list(view);
      } while (spec !== this.shownSpec);
    } catch (error) {
      view.dispose();
      throw error;
    }
    return view;
  }

  /** Nothing is listed where nobody sees it. */
  private async list(view: CommentsView): Promise<void> {
    const { shownSpec: spec } = this;
    const listed = this.isVisible && spec ? await this.options.listed(spec) : null;
    if (!this.isDisposed && (spec === this.shownSpec || listed === null)) {
      view.display(this.isVisible ? listed : null);
    }
  }
}
