import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { type IRenderMime, type IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { Panel, type Widget } from '@lumino/widgets';

import type { EditorWidgetFactory } from '../document/editorWidgetFactory';
import type { SpecConnection } from '../session';
import { inBackground } from '../ui/failure';
import { isLive, type LiveModel, type LiveModels } from './liveModels';
import {
  keptText,
  readBundle,
  SPEC_MIME_TYPE,
  type SpecBundle,
  TEXT_MIME_TYPE,
  textToKeep
} from './mimeBundle';
import { SpecOutput } from './specOutput';
import { TraitWriter } from './traits';

export interface SpecRendererServices {
  readonly factory: EditorWidgetFactory;
  readonly commands: CommandRegistry;
  readonly rendermime: IRenderMimeRegistry;
  readonly notebooks: INotebookTracker | null;
  readonly models: LiveModels;
}

/**
 * The spec of a `SpecWidget` in the output of a cell, with a kernel or without one.
 *
 * The page joins the spec itself. If the widget's kernel runs, it is told of the spec's text and people, and may
 * change which spec is shown. The notebook keeps the text each time it is saved: it is shown where the live spec
 * can't be, also by programs that know no specs.
 */
export class SpecRenderer extends Panel implements IRenderMime.IRenderer {
  private readonly output: SpecOutput;
  private bundle: SpecBundle | null = null;
  private mimeModel: IRenderMime.IMimeModel | null = null;
  private model: LiveModel | null = null;
  private writer: TraitWriter | null = null;
  private panel: NotebookPanel | null = null;

  constructor(private readonly services: SpecRendererServices) {
    super();
    const { factory, commands, models } = services;
    this.addClass('jp-SpecOutput');
    this.output = new SpecOutput({
      factory,
      commands,
      shown: (specId, connection) => this.writeTraits(specId, connection),
      closed: () => this.stopWriting(),
      kept: () => this.kept(),
      render: text => this.rendered(text)
    });
    this.addWidget(this.output);
    models.added.connect(this.onModelAdded, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.services.models.added.disconnect(this.onModelAdded, this);
      this.leaveNotebook();
      this.follow(null);
      super.dispose();
    }
  }

  /** Shows the spec of an output. JupyterLab calls it again when the notebook has kept the spec's text. */
  async renderModel(mimeModel: IRenderMime.IMimeModel): Promise<void> {
    this.mimeModel = mimeModel;
    const bundle = readBundle(mimeModel.data);
    const before = this.bundle;
    this.bundle = bundle;
    this.resize(bundle.height);
    if (before?.modelId !== bundle.modelId) {
      this.follow(this.services.models.get(bundle.modelId));
    }
    if (before?.spec !== bundle.spec) {
      await this.showSpec();
    }
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    const panel = this.services.notebooks?.find(each => each.node.contains(this.node));
    this.enterNotebook(panel);
  }

  private showSpec(): Promise<void> {
    const { spec = '', specId = '' } = this.bundle ?? {};
    this.removeClass('jp-mod-kept');
    return this.output.showSpec({
      spec: String(this.model?.get('spec') ?? spec),
      specId: String(this.model ? this.model.get('spec_id') : specId)
    });
  }

  private kept(): string {
    return this.mimeModel ? keptText(this.mimeModel.data) : '';
  }

  private rendered(text: string): Widget {
    this.addClass('jp-mod-kept');
    const renderer = this.services.rendermime.createRenderer(TEXT_MIME_TYPE);
    const model = new MimeModel({ data: { [TEXT_MIME_TYPE]: text } });
    inBackground(renderer.renderModel(model));
    return renderer;
  }

  private resize(height: unknown): void {
    const length = typeof height === 'string' && height ? height : null;
    this.node.style.setProperty('--jp-SpecOutput-height', length);
  }

  // the kernel -------------------------------------------------------------------------------------------

  private onModelAdded(_: LiveModels, model: LiveModel): void {
    if (model.model_id === this.bundle?.modelId) {
      this.follow(model);
      const { connection } = this.output;
      if (connection) {
        this.writeTraits(connection.specId, connection);
      }
    }
  }

  private follow(model: LiveModel | null): void {
    this.stopWriting();
    this.model?.off('change:height', this.onHeight);
    this.model?.off('change:spec', this.onSpec);
    this.model?.off('destroy', this.onEnd);
    this.model = model;
    model?.on('change:height', this.onHeight);
    model?.on('change:spec', this.onSpec);
    model?.on('destroy', this.onEnd);
  }

  private readonly onEnd = (): void => this.follow(null);

  private readonly onHeight = (): void => this.resize(this.model?.get('height'));

  private readonly onSpec = (): void => {
    this.model?.set({ spec_id: '' });
    inBackground(this.showSpec());
  };

  private writeTraits(specId: string, connection: SpecConnection): void {
    if (this.model) {
      this.stopWriting();
      this.tellKernel({ spec_id: specId });
      this.writer = new TraitWriter(connection, traits => this.tellKernel({ ...traits }));
    }
  }

  private tellKernel(traits: Record<string, unknown>): void {
    if (this.model && isLive(this.model)) {
      this.model.set(traits);
      this.model.save_changes();
    }
  }

  private stopWriting(): void {
    this.writer?.dispose();
    this.writer = null;
  }

  // the notebook -----------------------------------------------------------------------------------------

  private enterNotebook(panel: NotebookPanel | undefined): void {
    this.leaveNotebook();
    this.panel = panel ?? null;
    this.panel?.context.saveState.connect(this.onSaving, this);
  }

  private leaveNotebook(): void {
    this.panel?.context?.saveState.disconnect(this.onSaving, this);
    this.panel = null;
  }

  /** Puts the text into the notebook just before it is written. */
  private onSaving(_: DocumentRegistry.Context, state: DocumentRegistry.SaveState): void {
    const { connection } = this.output;
    if (state !== 'started' || !connection || !this.mimeModel || !this.bundle) {
      return;
    }
    const { specId, state: now } = connection;
    if (now.status === 'connecting' || now.role === null) {
      return; // there is no text yet, or no right to it any more
    }
    const { data } = this.mimeModel;
    const text = textToKeep(connection.document.toString());
    if (text !== keptText(data) || specId !== this.bundle.specId) {
      const own = { ...this.bundle, specId };
      this.bundle = own;
      this.mimeModel.setData({ data: { ...data, [SPEC_MIME_TYPE]: own, [TEXT_MIME_TYPE]: text } });
    }
  }
}
