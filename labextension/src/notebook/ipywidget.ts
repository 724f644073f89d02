import {
  DOMWidgetModel,
  DOMWidgetView,
  type WidgetModel,
  type WidgetView
} from '@jupyter-widgets/base';
import type { CommandRegistry } from '@lumino/commands';
import { type Message, MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import type { EditorWidgetFactory } from '../document/editorWidgetFactory';
import type { SpecConnection } from '../session';
import { inBackground } from '../ui/failure';
import type { LiveModels } from './liveModels';
import { SpecOutput } from './specOutput';
import { TraitWriter } from './traits';
import { MODULE_NAME, MODULE_VERSION } from './widgetModule';

const DEFAULT_HEIGHT = '360px';

export interface SpecWidgetServices {
  readonly factory: EditorWidgetFactory;
  readonly commands: CommandRegistry;
  readonly models: LiveModels;
}

/** The classes that a widget manager looks up by name. */
export function specWidgets({
  factory,
  commands,
  models
}: SpecWidgetServices): Record<string, typeof WidgetModel | typeof WidgetView> {
  /**
   * The page's model of the kernel's `SpecWidget`.
   *
   * What shows it, a {@link SpecView} or a `SpecRenderer`, is connected to the spec and passes id, text, version and
   * users to the kernel. The kernel therefore needs neither the address of the server that stores the specs nor a
   * login there.
   */
  class SpecModel extends DOMWidgetModel {
    override defaults(): Backbone.ObjectHash {
      return {
        ...super.defaults(),
        _model_module: MODULE_NAME,
        _model_module_version: MODULE_VERSION,
        _model_name: 'SpecModel',
        _view_module: MODULE_NAME,
        _view_module_version: MODULE_VERSION,
        _view_name: 'SpecView',
        spec: '',
        spec_id: '',
        content: '',
        version: 0,
        collaborators: [],
        height: DEFAULT_HEIGHT,
        status: ''
      };
    }

    override initialize(
      ...parameters: Parameters<InstanceType<typeof DOMWidgetModel>['initialize']>
    ): void {
      super.initialize(...parameters);
      models.add(this);
      this.on('destroy', () => models.remove(this));
    }
  }

  /** A live spec among other widgets, as in a box or a tab. In an output of its own a `SpecRenderer` shows it. */
  class SpecView extends DOMWidgetView {
    private output: SpecOutput | null = null;
    private writer: TraitWriter | null = null;

    override render(): void {
      super.render();
      this.el.classList.add('jp-SpecOutput');
      this.resize();
      this.output = new SpecOutput({
        factory,
        commands,
        shown: (specId, connection) => this.shown(specId, connection),
        closed: () => this.writer?.dispose(),
        kept: () => '',
        render: () => new Widget()
      });
      this.listenTo(this.model, 'change:height', () => this.resize());
      this.listenTo(this.model, 'change:spec', () => {
        this.model.set('spec_id', '');
        this.showSpec();
      });
      this.showSpec();
    }

    override remove(): void {
      this.output?.dispose();
      super.remove();
    }

    override processLuminoMessage(message: Message): void {
      super.processLuminoMessage(message);
      const { output } = this;
      switch (message.type) {
        case 'after-attach':
          if (output && !output.isAttached) {
            Widget.attach(output, this.el);
          }
          break;
        case 'before-detach':
          if (output?.isAttached) {
            Widget.detach(output);
          }
          break;
        case 'after-show':
        case 'resize':
          if (output) {
            MessageLoop.sendMessage(output, Widget.ResizeMessage.UnknownSize);
          }
          break;
      }
    }

    private resize(): void {
      // A CSS variable, since the widget's `layout` sets the style itself, and its height takes precedence.
      const height = String(this.model.get('height') || DEFAULT_HEIGHT);
      this.el.style.setProperty('--jp-SpecOutput-height', height);
    }

    private showSpec(): void {
      const wanted = {
        spec: String(this.model.get('spec')),
        specId: String(this.model.get('spec_id'))
      };
      inBackground(this.output?.showSpec(wanted));
    }

    private shown(specId: string, connection: SpecConnection): void {
      this.setTraits({ spec_id: specId });
      this.writer = new TraitWriter(connection, traits => this.setTraits({ ...traits }));
    }

    private setTraits(traits: Record<string, unknown>): void {
      this.model.set(traits);
      this.model.save_changes();
    }
  }

  return { SpecModel, SpecView };
}
