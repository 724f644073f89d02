import type { JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { type ISignal, Signal } from '@lumino/signaling';

import { SpecError } from '../specs/api';
import type { ISpecDocuments, OpenOptions } from '../specs/tokens';
import { idOf, SpecDocument } from './document';
import type { SpecPanes } from './panes';

/** The specs that are open in the main area: one widget a spec. */
export class SpecDocuments implements ISpecDocuments {
  readonly tracker = new WidgetTracker<SpecDocument>({ namespace: 'jupyter-speccollab' });
  private readonly changed = new Signal<ISpecDocuments, string | null>(this);

  constructor(
    private readonly shell: JupyterFrontEnd.IShell,
    private readonly panes: SpecPanes
  ) {
    this.tracker.currentChanged.connect(() => this.changed.emit(this.current));
  }

  get current(): string | null {
    return this.tracker.currentWidget?.specId ?? null;
  }

  get currentChanged(): ISignal<ISpecDocuments, string | null> {
    return this.changed;
  }

  open(specId: string, options: OpenOptions = {}): string {
    const id = idOf(specId);
    if (!this.tracker.find(widget => widget.id === id)) {
      this.add(specId, options);
    }
    this.shell.activateById(id);
    return id;
  }

  rename(specId: string, title: string): void {
    const widget = this.tracker.find(each => each.specId === specId);
    if (widget && widget.title.label !== title) {
      widget.name = title;
      void this.tracker.save(widget);
    }
  }

  private add(specId: string, { mode, ref, title }: OpenOptions): void {
    const { panes } = this;
    const widget = new SpecDocument(specId, title || panes.trans.__('Spec'), panes);
    void this.tracker.add(widget);
    this.shell.add(widget, 'main', { type: 'Spec', ...(mode && { mode }), ...(ref && { ref }) });
    void this.askTitle(specId);
  }

  /** A spec that can't be had says so itself, in its notices. */
  private async askTitle(specId: string): Promise<void> {
    try {
      const { title } = await this.panes.server.api.get(specId);
      this.rename(specId, title);
    } catch (error) {
      if (!(error instanceof SpecError)) {
        throw error;
      }
    }
  }
}
