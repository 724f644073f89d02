import {
  DOMWidgetModel,
  DOMWidgetView,
  type WidgetModel,
  type WidgetView
} from '@jupyter-widgets/base';
import { type Message, MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import { SpecError } from '../server/error';
import { sentenceOf } from '../specs/empty';
import { resolveSpec } from '../server/findSpec';
import { MODULE_NAME, MODULE_VERSION } from './module';
import type { SpecPane } from '../document/pane';
import type { SpecPanes } from '../document/panes';
import { TraitWriter } from './traits';

const DEFAULT_HEIGHT = '360px';

/**
 * The page's half of the kernel's `SpecWidget`.
 *
 * The view is the live participant: it names the spec's id, text, version and people to the kernel, so that the
 * kernel needs neither an address nor a password of the server that keeps the specs.
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

/** What a widget manager looks up by name; the views are made by `panes`. */
export function specWidgets(
  panes: SpecPanes
): Record<string, typeof WidgetModel | typeof WidgetView> {
  /** A live spec in a cell's output. */
  class SpecView extends DOMWidgetView {
    private pane: SpecPane | null = null;
    private writer: TraitWriter | null = null;
    private isAttached = false;

    override render(): void {
      super.render();
      this.el.classList.add('jp-SpecOutput');
      this.resize();
      this.listenTo(this.model, 'change:height', () => this.resize());
      this.listenTo(this.model, 'change:spec', () => {
        this.model.set('spec_id', '');
        void this.show();
      });
      void this.show();
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
          this.attachPane();
          break;
        case 'before-detach':
          this.isAttached = false;
          this.detachPane();
          break;
        case 'after-show':
        case 'resize':
          if (this.pane) {
            MessageLoop.sendMessage(this.pane, Widget.ResizeMessage.UnknownSize);
          }
          break;
      }
    }

    private resize(): void {
      // A variable, since the widget's `layout` writes the style itself and comes first where it says a height.
      const height = String(this.model.get('height') || DEFAULT_HEIGHT);
      this.el.style.setProperty('--jp-SpecOutput-height', height);
    }

    private async show(): Promise<void> {
      this.close();
      const name = String(this.model.get('spec_id') || this.model.get('spec'));
      try {
        const entry = await resolveSpec(panes.server.api, name);
        if (entry) {
          this.open(entry.specId);
        } else {
          this.offer(name);
        }
      } catch (error) {
        if (!(error instanceof SpecError)) {
          throw error;
        }
        this.say(sentenceOf(error, panes.trans));
      }
    }

    private open(specId: string): void {
      this.tell({ spec_id: specId });
      this.pane = panes.create(specId);
      this.writer = new TraitWriter(this.pane.connection, traits => this.tell({ ...traits }));
      this.attachPane();
    }

    private tell(traits: Record<string, unknown>): void {
      this.model.set(traits);
      this.model.save_changes();
    }

    private attachPane(): void {
      if (this.pane && this.isAttached && !this.pane.isAttached) {
        Widget.attach(this.pane, this.el);
      }
    }

    private detachPane(): void {
      if (this.pane?.isAttached) {
        Widget.detach(this.pane);
      }
    }

    private close(): void {
      this.writer?.dispose();
      this.detachPane();
      this.pane?.dispose();
      this.writer = this.pane = null;
      this.el.replaceChildren();
    }

    /** There is no spec of this name: say so, and make one on request. */
    private offer(title: string): void {
      const { trans, server } = panes;
      this.say(trans.__('There is no spec called “%1” that you may see.', title));
      const button = document.createElement('button');
      button.className = 'jp-mod-styled jp-mod-accept';
      button.textContent = trans.__('Create it');
      button.onclick = () => {
        button.disabled = true;
        void server.api.create({ title, content: `# ${title}\n\n` }).then(() => this.show());
      };
      this.el.append(button);
    }

    private say(sentence: string): void {
      const line = document.createElement('p');
      line.setAttribute('role', 'status');
      line.textContent = sentence;
      this.el.replaceChildren(line);
    }
  }

  return { SpecModel, SpecView };
}
