import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandToolbarButton, SidePanel } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';

import type { SpecDocument } from '../document/document';
import { CommandIDs } from '../ui/commandIds';
import { inBackground } from '../ui/failure';
import { LateContent } from '../ui/lateContent';
import type { ContentsOptions, HistoryContents, Picked } from './contents';
import { historyIcon } from './icons';
import type { Sittings } from './sittings';

export interface PanelOptions extends ContentsOptions {
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** The history of the current spec in the right sidebar. What it consists of is loaded when it is shown first. */
export class HistoryPanel extends SidePanel {
  private spec: SpecDocument | null = null;
  private currentVersion: number | null = null;
  private readonly late: LateContent<HistoryContents>;

  constructor(options: PanelOptions) {
    super({ content: new Panel() });
    const { commands, trans } = options;
    this.id = 'jupyter-speccollab:history';
    this.title.icon = historyIcon;
    this.title.caption = trans.__('History of the Spec');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('History of the spec'));
    this.addClass('jp-HistoryPanel');
    const label = new CommandToolbarButton({ commands, id: CommandIDs.labelVersion });
    this.toolbar.addItem('label', label);
    const versions = { commands, id: CommandIDs.showVersions, label: '' };
    this.toolbar.addItem('versions', new CommandToolbarButton(versions));
    this.late = new LateContent({
      trans,
      failed: trans.__('The history can’t be shown.'),
      load: async () => {
        const { HistoryContents } = await import('./parts');
        const contents = new HistoryContents(options);
        contents.document = this.spec;
        contents.current = this.currentVersion;
        return contents;
      }
    });
    this.addWidget(this.late);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.document = null;
      super.dispose();
    }
  }

  get document(): SpecDocument | null {
    return this.spec;
  }

  /** The spec whose history is shown; `null` for none. */
  set document(spec: SpecDocument | null) {
    if (spec === this.spec) {
      return;
    }
    this.spec?.disposed.disconnect(this.forget, this);
    spec?.disposed.connect(this.forget, this);
    this.spec = spec;
    this.currentVersion = null;
    if (this.contents) {
      this.contents.document = spec;
    }
  }

  /** The version that is shown in a comparison. */
  set current(version: number | null) {
    this.currentVersion = version;
    if (this.contents) {
      this.contents.current = version;
    }
  }

  /** The sittings that are shown; `null` where no spec is, or where the history was not shown yet. */
  get shown(): Sittings | null {
    return this.contents?.shown ?? null;
  }

  /** The version that is to be compared with the one that is chosen next. */
  get picked(): Picked | null {
    return this.contents?.picked ?? null;
  }

  pick(picked: Picked | null): void {
    if (this.contents) {
      this.contents.pick(picked);
    } else if (picked) {
      inBackground(this.late.load().then(contents => contents.pick(picked)));
    }
  }

  /** Asks for the newest sittings, if they can be seen. */
  renew(): void {
    this.contents?.renew();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.late.activate();
  }

  private forget(): void {
    this.document = null;
  }

  private get contents(): HistoryContents | null {
    return this.late.widget;
  }
}
