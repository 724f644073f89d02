import type { Extension } from '@codemirror/state';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { Toolbar, ToolbarButton } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import type { SpecConnection } from '../../session';
import { CommandIDs } from '../../ui/commandIds';
import { inBackground, unawaited } from '../../ui/failure';
import { versionsIcon } from './icons';
import { VersionsBar, type VersionsBarOptions } from './versionsBar';
import { VersionText } from './versionText';

export interface VersionsPaneOptions extends VersionsBarOptions {
  readonly connection: SpecConnection;
  readonly commands: CommandRegistry;
  readonly title: string;
  readonly extensions: Extension;
}

/** The id of the widget that shows the versions of a spec; there is at most one for each spec. */
export function idOf(specId: string): string {
  return `jupyter-speccollab:versions:${specId}`;
}

/** All versions of a spec in the main area: the text of one of them, and the slider below it. */
export class VersionsPane extends MainAreaWidget<Panel> {
  readonly specId: string;
  private readonly bar: VersionsBar;
  private readonly text: VersionText;
  private readonly stop: () => void;
  private readonly enable: (() => void)[] = [];

  constructor(private readonly options: VersionsPaneOptions) {
    super({ content: new Panel() });
    const { connection, commands, versions, people, trans, title, extensions } = options;
    const { specId } = connection;
    this.specId = specId;
    this.id = idOf(specId);
    this.addClass('jp-SpecVersions');
    this.title.label = trans.__('%1: versions', title);
    this.title.caption = trans.__('All versions of “%1”', title);
    this.title.icon = versionsIcon;
    this.title.closable = true;
    this.toolbar.node.setAttribute('aria-label', trans.__('Versions'));
    const host = new Widget();
    host.addClass('jp-SpecVersions-text');
    this.text = new VersionText({
      parent: host.node,
      label: trans.__('Text of the version'),
      extensions,
      colourOf: userId => people.colourOf(userId)
    });
    this.bar = new VersionsBar(options);
    this.content.addClass('jp-SpecVersions-content');
    this.content.addWidget(host);
    this.content.addWidget(this.bar);
    this.addButtons(commands);
    versions.changed.connect((_, { isWaiting }) => {
      host.toggleClass('jp-mod-waiting', isWaiting);
      this.enable.forEach(enable => enable());
    });
    versions.shown.connect((_, { frame, arrived, film }) => {
      this.text.show(frame, arrived, (from, to) => film.change(from, to));
      host.node.dataset['version'] = String(frame.version);
    });
    this.stop = connection.subscribe(({ version }) => versions.extend(version));
    inBackground(versions.open());
  }

  /** The version that is looked at. */
  get version(): number {
    return this.options.versions.state.position;
  }

  /** Shows a version. */
  showVersion(version: number): void {
    this.options.versions.seek(version);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.stop();
      this.options.versions.dispose();
      this.text.dispose();
      this.options.connection.release();
      super.dispose();
    }
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    requestAnimationFrame(() => this.isDisposed || this.bar.focus());
  }

  /** What can be done with the version; where the commands are missing, the buttons are. */
  private addButtons(commands: CommandRegistry): void {
    const { trans } = this.options;
    const args = () => ({ specId: this.specId, version: this.version, with: 'now' });
    const run = (id: string) =>
      unawaited(
        commands.execute(id, args()),
        trans.__('That can’t be done with this version.'),
        trans
      );
    this.toolbar.addItem('spacer', Toolbar.createSpacerItem());
    const labels = [
      [CommandIDs.compareVersions, trans.__('Compare with Now')],
      [CommandIDs.restoreVersion, trans.__('Restore This Version…')]
    ] as const;
    for (const [id, label] of labels) {
      if (commands.hasCommand(id)) {
        const button = new ToolbarButton({ label, onClick: () => run(id) });
        this.toolbar.addItem(id, button);
        this.enable.push(() => {
          button.enabled = this.isOlder && commands.isEnabled(id, args());
        });
      }
    }
  }

  /** Whether another version than the last one is looked at. */
  private get isOlder(): boolean {
    const { isOpen, position, last } = this.options.versions.state;
    return isOpen && position < last;
  }
}
