import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { type ISignal, Signal } from '@lumino/signaling';

import type { SpecServer } from '../../server/server';
import { inBackground } from '../../ui/failure';
import { historyIcon } from '../icons';
import type { Comparison, ComparisonOptions } from './comparison';
import { CompareMemory } from './memory';
import { idOfPair, type Pair } from './pair';
import type * as Parts from './parts';

export interface ComparisonsOptions extends Pick<
  ComparisonOptions,
  'trans' | 'locale' | 'rendermime' | 'extensions'
> {
  readonly app: JupyterFrontEnd;
  readonly server: SpecServer;
  picturesOf(specId: string): ComparisonOptions['pictures'];
  restoreVersion(specId: string, version: number, name: string): void;
}

/** A comparison in the main area. */
export class ComparisonTab extends MainAreaWidget<Comparison> {
  get pair(): Pair {
    return this.content.compared.pair;
  }
}

/** The comparisons that are open in the main area, one for each pair of versions. Their code is loaded with the first. */
export class Comparisons {
  readonly tracker = new WidgetTracker<ComparisonTab>({ namespace: 'jupyter-speccollab-compare' });
  private readonly memory = new CompareMemory(window.localStorage);
  private readonly currentChange = new Signal<this, Pair | null>(this);

  constructor(private readonly options: ComparisonsOptions) {
    this.tracker.currentChanged.connect((_, tab) => this.currentChange.emit(tab?.pair ?? null));
  }

  get currentChanged(): ISignal<this, Pair | null> {
    return this.currentChange;
  }

  /** Shows a comparison, or goes to its tab. `ref` is the id of the widget beside whose tab a new one is added. */
  async open(pair: Pair, title: string, ref: string | null = null): Promise<void> {
    const { shell } = this.options.app;
    const id = idOfPair(pair);
    const parts = await import('./parts');
    if (!this.tracker.find(tab => tab.id === id)) {
      const tab = this.tabOf(parts, pair, title);
      inBackground(this.tracker.add(tab));
      shell.add(tab, 'main', { type: 'Spec', ...(ref ? { mode: 'tab-after', ref } : {}) });
    }
    shell.activateById(id);
  }

  private tabOf({ Compared, Comparison }: typeof Parts, pair: Pair, title: string): ComparisonTab {
    const { server, trans, locale, rendermime, extensions } = this.options;
    const { specId } = pair;
    const compared = new Compared({
      pair,
      api: server.history,
      connection: server.connect(specId)
    });
    const named = (older: string, newer: string) =>
      (tab.title.caption = trans.__('%1: %2 → %3', title, older, newer));
    const content = new Comparison({
      compared,
      named,
      memory: this.memory,
      trans,
      locale,
      rendermime,
      extensions,
      pictures: this.options.picturesOf(specId),
      titleOf: async () => (await server.specs.get(specId).catch(() => null))?.title ?? title,
      restoreVersion: (version, name) => this.options.restoreVersion(specId, version, name)
    });
    const tab: ComparisonTab = new ComparisonTab({ content });
    tab.id = idOfPair(pair);
    tab.toolbar.hide();
    tab.title.label = trans.__('Changes of %1', title);
    tab.title.caption = trans.__('Two versions of “%1” compared', title);
    tab.title.icon = historyIcon;
    tab.title.closable = true;
    return tab;
  }
}
