import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandToolbarButton, Toolbar } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

import type { SpecConnection } from '../session';
import { CommandIDs } from '../ui/commandIds';
import { specIcon } from '../ui/icons';
import { absenceOf } from './absence';
import type { SpecPane } from './pane';
import type { SpecPanes } from './panes';
import { People } from './people';

/** A spec in the main area: toolbar, notices and the live text. */
export class SpecDocument extends MainAreaWidget<SpecPane> {
  private readonly trans: TranslationBundle;

  constructor(
    readonly specId: string,
    name: string,
    panes: SpecPanes,
    commands: CommandRegistry
  ) {
    const content = panes.create(specId);
    super({ content });
    const { connection } = content;
    const trans = (this.trans = panes.trans);
    this.id = idOf(specId);
    this.addClass('jp-SpecDocument');
    this.title.icon = specIcon;
    this.title.closable = true;
    this.name = name;
    this.toolbar.node.setAttribute('aria-label', trans.__('Spec'));
    this.toolbar.addItem('spacer', Toolbar.createSpacerItem());
    this.toolbar.addItem(
      'people',
      new People({ connection, trans, reveal: userId => content.reveal(userId) })
    );
    const args = { specId, isToolbar: true };
    const follow = () => this.toolbar.setHidden(absenceOf(connection.state) !== null);
    this.disposed.connect(connection.subscribe(follow));
    this.toolbar.addItem(
      'share',
      new CommandToolbarButton({ commands, id: CommandIDs.share, args })
    );
  }

  get connection(): SpecConnection {
    return this.content.connection;
  }

  /** The spec's title, as tab and tooltip show it. */
  set name(name: string) {
    this.title.label = name;
    this.title.caption = this.trans.__('%1 (shared spec)', name);
  }
}

/** The id of a spec's widget in the main area; there is one for each spec. */
export function idOf(specId: string): string {
  return `jupyter-speccollab:${specId}`;
}
