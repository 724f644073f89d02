import { CommandToolbarButton, SidePanel } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { Poll } from '@lumino/polling';
import { Panel } from '@lumino/widgets';

import type { SpecDocument } from '../document/document';
import { browserEnvironment } from '../runtime';
import type { HistoryApi } from '../server/history';
import { CommandIDs } from '../ui/commandIds';
import { inBackground, logged } from '../ui/failure';
import { onSection } from './caretSection';
import type { EVERYTHING } from './choice';
import { HistoryView, type HistoryViewOptions } from './historyView';
import { historyIcon } from './icons';
import { Sittings } from './sittings';

/** Milliseconds between two requests while nobody types: others may have given labels. */
const INTERVAL = 30_000;

export interface PanelOptions {
  readonly api: HistoryApi;
  readonly commands: CommandRegistry;
  readonly view: Omit<HistoryViewOptions, 'actions'> & {
    readonly actions: Omit<HistoryViewOptions['actions'], 'follow' | 'unpick'>;
  };
}

/** A version that another one is to be compared with, and what to call it. */
export interface Picked {
  readonly version: number;
  readonly name: string;
}

/** The history of the current spec in the right sidebar. It asks the server only while it is visible. */
export class HistoryPanel extends SidePanel {
  readonly view: HistoryView;
  private spec: SpecDocument | null = null;
  private sittings: Sittings | null = null;
  private isFollowing = false;
  private stopFollowing: () => void = () => undefined;
  private stopListening: () => void = () => undefined;
  private pickedVersion: Picked | null = null;
  private readonly poll: Poll;

  constructor(private readonly options: PanelOptions) {
    super({ content: new Panel() });
    const { commands, view } = options;
    const { trans } = view;
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
    const actions = {
      ...view.actions,
      follow: (isOn: boolean) => this.follow(isOn),
      unpick: () => this.pick(null)
    };
    this.view = new HistoryView({ ...view, actions });
    this.addWidget(this.view);
    this.poll = new Poll({
      auto: false,
      name: 'jupyter-speccollab:history',
      factory: async () => this.sittings?.renew(),
      frequency: { interval: INTERVAL, backoff: true, max: 300_000 },
      standby: 'when-hidden'
    });
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.poll.dispose();
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
    this.stopListening();
    this.stopFollowing();
    this.sittings?.dispose();
    this.spec = spec;
    this.pickedVersion = null;
    const sittings = (this.sittings =
      spec && new Sittings(this.options.api, spec.specId, browserEnvironment));
    if (spec && sittings) {
      const { connection } = spec;
      const end = connection.onChange(() => {
        if (this.isVisible) {
          sittings.edit();
        }
      });
      const gone = () => (this.document = null);
      spec.disposed.connect(gone);
      this.stopListening = () => {
        end();
        spec.disposed.disconnect(gone);
      };
    }
    this.view.display({
      sittings,
      current: null,
      picked: null,
      colourOf: userId =>
        spec?.connection.state.users.find(user => user.userId === userId)?.color ?? null
    });
    this.follow(this.isFollowing);
    this.refresh();
  }

  /** The sittings that are shown; `null` where no spec is. */
  get shown(): Sittings | null {
    return this.sittings;
  }

  /** The version that is to be compared with the one that is chosen next. */
  get picked(): Picked | null {
    return this.pickedVersion;
  }

  pick(picked: Picked | null): void {
    this.pickedVersion = picked;
    this.view.display({ picked: picked?.name ?? null });
  }

  /** Loads the history anew, if it can be seen. */
  refresh(): void {
    if (this.isVisible) {
      inBackground(this.sittings?.reload());
    }
  }

  /** Asks for the newest sittings, if they can be seen. */
  renew(): void {
    if (this.isVisible) {
      inBackground(this.sittings?.renew());
    }
  }

  /** To the search, from which the arrow keys go on. */
  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.view.node.querySelector<HTMLElement>('input, button')?.focus();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    // What was loaded before stays, and with it the place in the list.
    this.renew();
    this.poll.start().catch(logged);
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.poll.stop().catch(logged);
  }

  private follow(isOn: boolean): void {
    this.stopFollowing();
    this.isFollowing = isOn;
    const { spec, sittings } = this;
    this.view.display({ isFollowing: isOn });
    if (!spec || !sittings) {
      return;
    }
    const show = (subject: typeof EVERYTHING.subject) => {
      if (sittings.state.choice.subject?.id !== subject?.id) {
        inBackground(sittings.choose({ ...sittings.state.choice, subject }));
      }
    };
    this.stopFollowing = isOn ? onSection(spec.content.editor, show) : () => undefined;
    if (!isOn) {
      show(null);
    }
  }
}
