import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';

import { SpecListView, type ListViewOptions } from './listView';
import { TrashView, type TrashViewOptions } from './trashView';

export interface SpecsViewOptions {
  readonly list: Omit<ListViewOptions, 'actions'> & {
    readonly actions: Omit<ListViewOptions['actions'], 'showTrash'>;
  };
  readonly trash: Omit<TrashViewOptions, 'leave'>;
}

/** The list of specs, or the trash. The trash is refreshed only while it is visible. */
export class SpecsView extends Panel {
  private readonly view: SpecListView;
  private readonly trash: TrashView;

  constructor(private readonly options: SpecsViewOptions) {
    super();
    const { list } = options;
    const actions = { ...list.actions, showTrash: () => this.showTrash() };
    this.view = new SpecListView({ ...list, actions });
    this.trash = new TrashView({ ...options.trash, leave: () => this.leaveTrash() });
    this.addWidget(this.view);
    this.addWidget(this.trash);
  }

  /** Sets the current spec, whose row is highlighted. */
  set current(specId: string | null) {
    this.view.current = specId;
  }

  /** Lets the user change a title in its place; `false` if its row isn't there, or they may not. */
  rename(specId: string): boolean {
    return this.view.rename(specId);
  }

  showTrash(): void {
    this.view.hide();
    this.trash.enter();
  }

  private leaveTrash(): void {
    this.trash.leave();
    this.view.show();
    this.view.focusTrash();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    if (!this.trash.isHidden) {
      this.options.trash.trash.watch();
    }
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.options.trash.trash.unwatch();
  }
}
