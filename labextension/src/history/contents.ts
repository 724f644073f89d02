import type { Message } from '@lumino/messaging';
import { Poll } from '@lumino/polling';
import { Panel } from '@lumino/widgets';

import type { SpecDocument } from '../document/document';
import { browserEnvironment } from '../runtime';
import type { HistoryApi } from '../server/history';
import { inBackground, logged } from '../ui/failure';
import { onSection } from './caretSection';
import type { EVERYTHING } from './choice';
import { HistoryView, type HistoryViewOptions } from './historyView';
import { Sittings } from './sittings';

/** Milliseconds between two requests while nobody types: others may have given labels. */
const INTERVAL = 30_000;

export interface ContentsOptions {
  readonly api: HistoryApi;
  readonly view: Omit<HistoryViewOptions, 'actions'> & {
    readonly actions: Omit<HistoryViewOptions['actions'], 'follow' | 'unpick'>;
  };
}

/** A version that another one is to be compared with, and what to call it. */
export interface Picked {
  readonly version: number;
  readonly name: string;
}

/** The history of a spec, as the panel shows it. It asks the server only while it is visible. */
export class HistoryContents extends Panel {
  private readonly view: HistoryView;
  private spec: SpecDocument | null = null;
  private sittings: Sittings | null = null;
  private isFollowing = false;
  private stopFollowing: () => void = () => undefined;
  private stopListening: () => void = () => undefined;
  private pickedVersion: Picked | null = null;
  private readonly poll: Poll;

  constructor(private readonly options: ContentsOptions) {
    super();
    this.addClass('jp-HistoryContents');
    const { view } = options;
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

  /** The spec whose history is shown; `null` for none, as when it was closed. */
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
      this.stopListening = connection.onChange(() => {
        if (this.isVisible) {
          sittings.edit();
        }
      });
    } else {
      this.stopListening = () => undefined;
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

  /** The version that is shown in a comparison. */
  set current(current: number | null) {
    this.view.display({ current });
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
  private refresh(): void {
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
    if (!this.focusFirst()) {
      // What was loaded just now is not in the page yet. Meanwhile the user may have gone elsewhere.
      const before = document.activeElement;
      const rendered = Promise.resolve(this.view.renderPromise);
      inBackground(rendered.then(() => document.activeElement === before && this.focusFirst()));
    }
  }

  /** Loaded into a panel that is seen already. */
  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      this.seen();
    }
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.seen();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.poll.stop().catch(logged);
  }

  private focusFirst(): boolean {
    const first = this.view.node.querySelector<HTMLElement>('input, button');
    first?.focus();
    return first !== null;
  }

  private seen(): void {
    // What was loaded before stays, and with it the place in the list.
    this.renew();
    this.poll.start().catch(logged);
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
