import {
  DOMWidgetModel,
  DOMWidgetView,
  type WidgetModel,
  type WidgetView
} from '@jupyter-widgets/base';
import { type Message, MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import type { SpecEditorWidget } from '../document/editorWidget';
import type { EditorWidgetFactory } from '../document/editorWidgetFactory';
import { asSpecError } from '../server/error';
import { findSpec } from '../server/findSpec';
import { errorSentence } from '../ui/errorSentence';
import { inBackground, told } from '../ui/failure';
import { TraitWriter } from './traits';
import { MODULE_NAME, MODULE_VERSION } from './widgetModule';

const DEFAULT_HEIGHT = '360px';

/**
 * The page's model of the kernel's `SpecWidget`.
 *
 * Its view is connected to the spec and passes id, text, version and users to the kernel. The kernel therefore
 * needs neither the address of the server that stores the specs nor a login there.
 */
export class SpecModel extends DOMWidgetModel {
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
}

/** The classes that a widget manager looks up by name. */
export function specWidgets(
  factory: EditorWidgetFactory
): Record<string, typeof WidgetModel | typeof WidgetView> {
  /** A live spec in a cell's output. */
  class SpecView extends DOMWidgetView {
    private editor: SpecEditorWidget | null = null;
    private writer: TraitWriter | null = null;
    private isAttached = false;

    override render(): void {
      super.render();
      this.el.classList.add('jp-SpecOutput');
      this.resize();
      this.listenTo(this.model, 'change:height', () => this.resize());
      this.listenTo(this.model, 'change:spec', () => {
        this.model.set('spec_id', '');
        this.showSoon();
      });
      this.showSoon();
    }

    override remove(): void {
      this.close();
      super.remove();
    }

    override processLuminoMessage(message: Message): void {
      super.processLuminoMessage(message);
      switch (message.type) {
        case 'after-attach':
          this.isAttached = true;
          this.attachEditor();
          break;
        case 'before-detach':
          this.isAttached = false;
          this.detachEditor();
          break;
        case 'after-show':
        case 'resize':
          if (this.editor) {
            MessageLoop.sendMessage(this.editor, Widget.ResizeMessage.UnknownSize);
          }
          break;
      }
    }

    private resize(): void {
      // A CSS variable, since the widget's `layout` sets the style itself, and its height takes precedence.
      const height = String(this.model.get('height') || DEFAULT_HEIGHT);
      this.el.style.setProperty('--jp-SpecOutput-height', height);
    }

    private async show(): Promise<void> {
      this.close();
      const name = String(this.model.get('spec_id') || this.model.get('spec'));
      try {
        const entry = await findSpec(factory.server.specs, name);
        if (entry) {
          this.open(entry.specId);
        } else {
          this.offerCreation(name);
        }
      } catch (error) {
        const { trans } = factory;
        const failed = trans.__('The spec could not be shown.');
        this.showMessage(errorSentence(asSpecError(error), failed, trans));
      }
    }

    private showSoon(): void {
      inBackground(this.show());
    }

    private open(specId: string): void {
      this.setTraits({ spec_id: specId });
      this.editor = factory.create(specId);
      this.writer = new TraitWriter(this.editor.connection, traits =>
        this.setTraits({ ...traits })
      );
      this.attachEditor();
    }

    private setTraits(traits: Record<string, unknown>): void {
      this.model.set(traits);
      this.model.save_changes();
    }

    private attachEditor(): void {
      if (this.editor && this.isAttached && !this.editor.isAttached) {
        Widget.attach(this.editor, this.el);
      }
    }

    private detachEditor(): void {
      if (this.editor?.isAttached) {
        Widget.detach(this.editor);
      }
    }

    private close(): void {
      this.writer?.dispose();
      this.detachEditor();
      this.editor?.dispose();
      this.writer = this.editor = null;
      this.el.replaceChildren();
    }

    /** Tells that there is no spec with this title, and offers to create one. */
    private offerCreation(title: string): void {
      const { trans, server } = factory;
      this.showMessage(trans.__('There is no spec called “%1” that you may see.', title));
      const button = document.createElement('button');
      button.className = 'jp-mod-styled jp-mod-accept';
      button.textContent = trans.__('Create it');
      button.onclick = () => {
        button.disabled = true;
        const created = told(
          async () => {
            await server.specs.create({ title, content: `# ${title}\n\n` });
            await this.show();
            return true;
          },
          trans.__('The spec could not be created.'),
          trans
        );
        inBackground(created.then(isCreated => (button.disabled = isCreated === true)));
      };
      this.el.append(button);
    }

    private showMessage(sentence: string): void {
      const line = document.createElement('p');
      line.setAttribute('role', 'status');
      line.textContent = sentence;
      this.el.replaceChildren(line);
    }
  }

  return { SpecModel, SpecView };
}
