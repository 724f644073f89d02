import type { JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { type ISignal, Signal } from '@lumino/signaling';

import type { ConnectionState } from '../session';
import type { ISpecDocuments, OpenOptions } from '../tokens';
import { inBackground } from '../ui/failure';
import { goToId } from '../outline/goTo';
import { idOf, SpecDocument } from './document';
import { goToPlace } from './goToPlace';
import type { EditorWidgetFactory } from './editorWidgetFactory';
import type { Previews } from './previews';

/** The specs that are open in the main area, one widget for each. */
export class SpecDocuments implements ISpecDocuments {
  readonly tracker = new WidgetTracker<SpecDocument>({ namespace: 'jupyter-speccollab' });
  private readonly changed = new Signal<ISpecDocuments, string | null>(this);
  private readonly accessChange = new Signal<ISpecDocuments, string>(this);

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly factory: EditorWidgetFactory,
    private readonly previews: Previews | null = null
  ) {
    this.tracker.currentChanged.connect(() => this.changed.emit(this.current));
    factory.server.news.changed.connect((_, { specId, news }) => this.rename(specId, news.title));
  }

  get current(): string | null {
    return this.tracker.currentWidget?.specId ?? null;
  }

  get currentChanged(): ISignal<ISpecDocuments, string | null> {
    return this.changed;
  }

  get accessChanged(): ISignal<ISpecDocuments, string> {
    return this.accessChange;
  }

  open(specId: string, options: OpenOptions = {}): string {
    const id = idOf(specId);
    if (!this.tracker.find(widget => widget.id === id)) {
      this.add(specId, options);
    }
    this.app.shell.activateById(id);
    const widget = this.tracker.find(each => each.id === id);
    if (widget && options.at) {
      goToPlace(widget, options.at);
    }
    if (widget && options.heading) {
      goToId(widget, options.heading);
    }
    return id;
  }

  retry(specId: string): void {
    const connection = this.tracker.find(each => each.specId === specId)?.connection;
    // Edits that were not sent stand on the page in its place; another connection would hide them.
    if (connection?.state.status === 'ended' && connection.rescued === null) {
      connection.reconnectNow();
    }
  }

  rename(specId: string, title: string): void {
    const widget = this.tracker.find(each => each.specId === specId);
    if (widget && widget.title.label !== title) {
      widget.name = title;
      inBackground(this.tracker.save(widget));
    }
  }

  private add(specId: string, { mode, ref, title }: OpenOptions): void {
    const { factory, app, previews } = this;
    const name = title || factory.trans.__('Spec');
    const widget = new SpecDocument(specId, name, factory, app.commands, previews);
    inBackground(this.tracker.add(widget));
    this.followAccess(widget);
    app.shell.add(widget, 'main', { type: 'Spec', ...(mode && { mode }), ...(ref && { ref }) });
  }

  private followAccess({ specId, connection, disposed }: SpecDocument): void {
    let last = accessOf(connection.state);
    const unsubscribe = connection.subscribe(state => {
      const access = accessOf(state);
      if (access !== last) {
        last = access;
        this.accessChange.emit(specId);
      }
    });
    disposed.connect(unsubscribe);
  }
}

/** The user's role, or the code of the error that ended the connection. */
function accessOf({ role, error }: ConnectionState): string {
  return error?.code ?? role ?? '';
}
