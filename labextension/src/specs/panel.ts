import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { CommandToolbarButton, SidePanel } from '@jupyterlab/ui-components';
import { Panel } from '@lumino/widgets';

import { CommandIDs } from '../ui/commandIds';
import { specIcon } from '../ui/icons';
import { SpecListView, type ListViewOptions } from './listView';
import { TrashView, type TrashViewOptions } from './trashView';

interface PanelOptions {
  readonly list: Omit<ListViewOptions, 'actions'> & {
    readonly actions: Omit<ListViewOptions['actions'], 'showTrash'>;
  };
  readonly trash: Omit<TrashViewOptions, 'leave'>;
  readonly commands: CommandRegistry;
}

/** The specs in the left sidebar, or the trash. Either is refreshed only while it is visible. */
export class SpecsPanel extends SidePanel {
  readonly view: SpecListView;
  private readonly trash: TrashView;

  constructor(private readonly options: PanelOptions) {
    super({ content: new Panel() });
    const { commands, list } = options;
    const { trans } = list;
    this.id = 'jupyter-speccollab:specs';
    this.title.icon = specIcon;
    this.title.caption = trans.__('Specs');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Specs'));
    this.addClass('jp-SpecsPanel');
    for (const id of [CommandIDs.create, CommandIDs.importFile, CommandIDs.refresh]) {
      this.toolbar.addItem(id, new CommandToolbarButton({ commands, id, label: '' }));
    }
    const actions = { ...list.actions, showTrash: () => this.showTrash() };
    this.view = new SpecListView({ ...list, actions });
    this.trash = new TrashView({ ...options.trash, leave: () => this.leaveTrash() });
    this.addWidget(this.view);
    this.addWidget(this.trash);
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
    this.options.list.list.watch();
    this.options.list.rescues.refresh();
    if (!this.trash.isHidden) {
      this.options.trash.trash.watch();
    }
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.options.list.list.unwatch();
    this.options.trash.trash.unwatch();
  }
}
