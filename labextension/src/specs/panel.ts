import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { CommandToolbarButton, SidePanel } from '@jupyterlab/ui-components';
import { Panel } from '@lumino/widgets';

import { CommandIDs } from '../ui/commandIds';
import { specIcon } from '../ui/icons';
import { SpecListView, type ListViewOptions } from './listView';

/** The specs in the left sidebar. The list is refreshed only while the panel is visible. */
export class SpecsPanel extends SidePanel {
  readonly view: SpecListView;

  constructor(private readonly options: ListViewOptions & { commands: CommandRegistry }) {
    super({ content: new Panel() });
    const { commands, trans } = options;
    this.id = 'jupyter-speccollab:specs';
    this.title.icon = specIcon;
    this.title.caption = trans.__('Specs');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Specs'));
    this.addClass('jp-SpecsPanel');
    for (const id of [CommandIDs.create, CommandIDs.importFile, CommandIDs.refresh]) {
      this.toolbar.addItem(id, new CommandToolbarButton({ commands, id, label: '' }));
    }
    this.view = new SpecListView(options);
    this.addWidget(this.view);
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.options.list.watch();
    this.options.rescues.refresh();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.options.list.unwatch();
  }
}
