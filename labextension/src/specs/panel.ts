import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { CommandToolbarButton, SidePanel } from '@jupyterlab/ui-components';
import { Panel } from '@lumino/widgets';

import { CommandIDs } from '../ui/commandIds';
import { specIcon } from '../ui/icons';
import { LateContent } from '../ui/lateContent';
import type { SpecsView, SpecsViewOptions } from './specsView';

interface PanelOptions extends SpecsViewOptions {
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/**
 * The specs in the left sidebar, or the trash. What shows them is loaded when the panel is shown first; the list itself is
 * asked for at once then, and refreshed only while the panel is visible.
 */
export class SpecsPanel extends SidePanel {
  private readonly late: LateContent<SpecsView>;
  private currentId: string | null = null;

  constructor(private readonly options: PanelOptions) {
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
    this.late = new LateContent({
      trans,
      failed: trans.__('The list of specs can’t be shown.'),
      load: async () => {
        const { SpecsView } = await import('./parts');
        const view = new SpecsView(options);
        view.current = this.currentId;
        return view;
      }
    });
    this.addWidget(this.late);
  }

  /** Sets the current spec, whose row is highlighted. */
  set current(specId: string | null) {
    this.currentId = specId;
    if (this.late.widget) {
      this.late.widget.current = specId;
    }
  }

  /** Lets the user change a title in its place; `false` if its row isn't there, or they may not. */
  rename(specId: string): boolean {
    return this.late.widget?.rename(specId) ?? false;
  }

  showTrash(): void {
    this.late.load().then(
      view => view.showTrash(),
      () => undefined // its place has told it
    );
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.options.list.list.watch();
    this.options.list.rescues.refresh();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.options.list.list.unwatch();
  }
}
