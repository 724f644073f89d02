import type { CommandRegistry } from '@lumino/commands';
import { Panel, Widget } from '@lumino/widgets';

import type { SpecEditorWidget } from '../document/editorWidget';
import type { EditorWidgetFactory } from '../document/editorWidgetFactory';
import { asSpecError } from '../server/error';
import { findSpec, isSpecId } from '../server/findSpec';
import type { SpecConnection } from '../session';
import { errorSentence } from '../ui/errorSentence';
import { inBackground, told } from '../ui/failure';
import { keepKeysFromNotebook } from './notebookKeys';

export interface SpecOutputOptions {
  readonly factory: EditorWidgetFactory;
  readonly commands: CommandRegistry;
  /** A spec is shown now; `specId` is its id. */
  shown(specId: string, connection: SpecConnection): void;
  /** No spec is shown any more. */
  closed(): void;
  /** The text that the notebook has kept of the spec; empty if there is none. */
  kept(): string;
  /** Renders that text. */
  render(text: string): Widget;
}

/** How a spec is asked for: by its id, which may be empty, and else by what the cell has named, a title or an id. */
export interface WantedSpec {
  readonly specId: string;
  readonly spec: string;
}

/**
 * The live spec in the output of a cell. If it can't be shown, a sentence says why, and below it stands the text that
 * the notebook has kept.
 */
export class SpecOutput extends Panel {
  private editor: SpecEditorWidget | null = null;
  /** Counts the calls of {@link showSpec}, since an answer may come after another one was asked for. */
  private asked = 0;

  constructor(private readonly options: SpecOutputOptions) {
    super();
    this.addClass('jp-SpecOutput-content');
    keepKeysFromNotebook(this.node, options.commands);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.clear();
      super.dispose();
    }
  }

  /** The connection to the spec that is shown; `null` if none is. */
  get connection(): SpecConnection | null {
    return this.editor?.connection ?? null;
  }

  async showSpec(wanted: WantedSpec): Promise<void> {
    const { trans, server } = this.options.factory;
    const asked = ++this.asked;
    const isLate = () => this.isDisposed || asked !== this.asked;
    this.clear();
    try {
      const entry =
        (wanted.specId && (await findSpec(server.specs, wanted.specId))) ||
        (await findSpec(server.specs, wanted.spec));
      if (isLate()) {
        return;
      }
      if (entry) {
        this.open(entry.specId);
      } else {
        this.tellMissing(wanted);
      }
    } catch (error) {
      if (!isLate()) {
        const failed = trans.__('The spec could not be shown.');
        const again = button(trans.__('Try again'), () => inBackground(this.showSpec(wanted)));
        this.tell(errorSentence(asSpecError(error), failed, trans), again);
      }
    }
  }

  private open(specId: string): void {
    this.editor = this.options.factory.create(specId);
    this.addWidget(this.editor);
    this.options.shown(specId, this.editor.connection);
  }

  private clear(): void {
    if (this.editor) {
      this.editor = null;
      this.options.closed();
    }
    [...this.widgets].forEach(widget => widget.dispose());
  }

  /** Tells that there is no such spec. If its title is known, offers to create it, with the text that was kept. */
  private tellMissing(wanted: WantedSpec): void {
    const { factory, kept } = this.options;
    const { trans, server } = factory;
    const title = wanted.spec;
    if (isSpecId(title)) {
      this.tell(trans.__('The spec of this cell is not there, or you may not see it.'));
      return;
    }
    const text = kept();
    const label = text ? trans.__('Create it from this text') : trans.__('Create it');
    const create = button(label, () => {
      create.disabled = true;
      const created = told(
        async () => {
          const content = text || `# ${title}\n\n`;
          const { specId } = await server.specs.create({ title, content });
          await this.showSpec({ ...wanted, specId });
          return true;
        },
        trans.__('The spec could not be created.'),
        trans
      );
      inBackground(created.then(isCreated => (create.disabled = isCreated === true)));
    });
    this.tell(trans.__('There is no spec called “%1” that you may see.', title), create);
  }

  /** Shows a sentence, perhaps with a button, and below it the text that was kept. */
  private tell(sentence: string, action?: HTMLButtonElement): void {
    const { factory, kept, render } = this.options;
    const text = kept();
    const line = document.createElement('p');
    line.setAttribute('role', 'status');
    line.textContent = text
      ? factory.trans.__('%1 This is the text that this notebook has kept.', sentence)
      : sentence;
    const note = new Widget();
    note.addClass('jp-SpecOutput-note');
    note.node.append(line, ...(action ? [action] : []));
    this.addWidget(note);
    if (text) {
      const rendered = render(text);
      rendered.addClass('jp-SpecOutput-kept');
      this.addWidget(rendered);
    }
  }
}

function button(label: string, act: () => void): HTMLButtonElement {
  const node = document.createElement('button');
  node.className = 'jp-mod-styled jp-mod-accept';
  node.textContent = label;
  node.onclick = act;
  return node;
}
