import { Signal } from '@lumino/signaling';

/** The page's model of a kernel's widget, as far as an output uses it. */
export interface LiveModel {
  readonly model_id: string;
  /** The way to the kernel. ipywidgets wraps JupyterLab's own, `jsServicesComm`, and does not declare it here. */
  readonly comm?: object;
  get(name: string): unknown;
  set(traits: Record<string, unknown>): unknown;
  save_changes(): void;
  on(events: string, listener: () => void): unknown;
  off(events: string, listener: () => void): unknown;
}

/** Whether a model's kernel can be told something. A model does not notice that its kernel was shut down. */
export function isLive(model: LiveModel): boolean {
  const comm = model.comm as { jsServicesComm?: { isDisposed?: boolean } } | undefined;
  return comm?.jsServicesComm?.isDisposed === false;
}

/**
 * The models of the widgets whose kernels run, by their ids.
 *
 * An output shows its spec without a kernel too. With one, it looks for its model here, which may come later.
 */
export class LiveModels {
  private readonly models = new Map<string, LiveModel>();

  /** Emits a model that has become available. */
  readonly added = new Signal<this, LiveModel>(this);

  add(model: LiveModel): void {
    this.models.set(model.model_id, model);
    this.added.emit(model);
  }

  remove(model: LiveModel): void {
    if (this.models.get(model.model_id) === model) {
      this.models.delete(model.model_id);
    }
  }

  get(modelId: string): LiveModel | null {
    const model = this.models.get(modelId);
    return model && isLive(model) ? model : null;
  }
}
