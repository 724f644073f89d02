import { Text as EditorText } from '@codemirror/state';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';

import { safeColour } from '../../editor/colours';
import { parseInSteps } from '../../markdown/textParsing';
import { BlockReader } from '../../preview/blockReader';
import type { Block, Content } from '../../preview/blocks';
import { type PictureAddresses, Pictures } from '../../preview/pictures';
import { BlockRenderer } from '../../preview/renderer';
import { browserEnvironment, inSlices } from '../../runtime';
import type { Change } from '../../session';
import type { Steps, Text } from '../../text';
import type { Written } from './authorMarks';
import type { Difference } from './passage';
import { type Passage, passageOf } from './passages';
import { type ChangedBlocks, changedBlocks } from './renderedRows';
import type { Sight } from './sight';

/** Changes that are shown at first, and that "Show more" adds. */
const PAGE = 50;
/** Milliseconds without an edit after which the newer side is rendered again. */
const REST = 700;
/** How many blocks of one change are shown on each side. */
const MOST = 40;
/** How many rendered blocks are kept. */
const KEPT = 400;

export interface RenderedOptions {
  readonly older: Text;
  readonly rendermime: IRenderMimeRegistry;
  readonly pictures: PictureAddresses;
  readonly trans: TranslationBundle;
  written(): Written;
  /** The places in which the texts differ now. */
  differences(): Promise<readonly Difference[]>;
  changed(): void;
}

/** Both texts as they read, side by side: the blocks that differ, with one block around. */
export class Rendered implements Sight {
  readonly node = document.createElement('div');
  /** Resolves when it shows the texts. */
  readonly ready: Promise<void>;
  private readonly rows = document.createElement('div');
  private readonly stage = document.createElement('div');
  private readonly renderer: BlockRenderer;
  private readonly reader = { older: new BlockReader(), newer: new BlockReader() };
  private readonly kept = new Map<string, Promise<HTMLElement>>();
  private found: readonly ChangedBlocks[] = [];
  private text: Text;
  private shown = PAGE;
  private index = -1;
  private timer = 0;
  private rounds = 0;
  private cancel: () => void = () => undefined;

  constructor(private readonly options: RenderedOptions) {
    const { rendermime, trans, pictures } = options;
    this.text = options.written().text;
    this.renderer = new BlockRenderer({
      rendermime,
      trans,
      pictures: new Pictures(pictures, trans)
    });
    this.node.className = 'jp-SpecCompare-rendered';
    this.node.tabIndex = 0;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Both texts as they read'));
    this.rows.className = 'jp-SpecCompare-rows';
    this.stage.className = 'jp-SpecCompare-stage jp-RenderedHTMLCommon';
    this.stage.setAttribute('aria-hidden', 'true');
    this.node.append(this.rows, this.stage);
    this.ready = this.read();
  }

  get count(): number {
    return this.found.length;
  }

  get current(): number {
    return this.index;
  }

  go(step: 1 | -1): void {
    const { count, index } = this;
    if (count > 0) {
      this.goTo(index < 0 ? (step > 0 ? 0 : count - 1) : (index + step + count) % count);
    }
  }

  goTo(index: number): void {
    this.index = index;
    if (index < this.count) {
      if (this.index >= this.shown) {
        this.shown = this.index + PAGE;
        this.draw();
      }
      this.mark(true);
    }
  }

  passage(index: number): Passage | null {
    const row = this.found[index];
    const { older } = this.options;
    const { authors } = this.options.written();
    return row ? passageOf(older, { text: this.text, authors }, row.differences, row.extent) : null;
  }

  follow(changes: readonly Change[]): void {
    if (changes.length === 0) {
      return;
    }
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.renew(), REST);
  }

  showAuthors(): void {
    this.draw();
  }

  focus(): void {
    this.node.focus();
  }

  destroy(): void {
    window.clearTimeout(this.timer);
    this.rounds++;
    this.cancel();
    this.node.remove();
  }

  /** Compares and renders both texts as they are now. */
  private renew(): void {
    const round = this.rounds + 1;
    this.rounds = round;
    this.read().catch((error: unknown) => {
      if (round === this.rounds) {
        console.error(error);
        this.rows.textContent = this.options.trans.__(
          'The texts could not be rendered. Choose another view above.'
        );
      }
    });
  }

  private async read(): Promise<void> {
    const round = this.rounds;
    const { older, written } = this.options;
    const { text } = written();
    const differences = await this.options.differences();
    const before = await this.blocks(this.reader.older, older);
    const after = await this.blocks(this.reader.newer, text);
    if (round === this.rounds) {
      this.text = text;
      this.found = changedBlocks(before, after, differences, {
        older: older.toString(),
        newer: text.toString()
      });
      this.index = Math.min(this.index, this.found.length - 1);
      this.draw();
      this.options.changed();
    }
  }

  private async blocks(reader: BlockReader, text: Text): Promise<readonly Block[]> {
    const doc = EditorText.of(text.toString().split('\n'));
    const parsed = await this.sliced(parseInSteps(doc));
    return [...(await this.sliced(reader.read(parsed)))];
  }

  private sliced<Result>(steps: Steps<Result>): Promise<Result> {
    return new Promise(resolve => {
      this.cancel = inSlices(browserEnvironment, steps, resolve);
    });
  }

  private draw(): void {
    const { trans } = this.options;
    const elements: HTMLElement[] = [];
    for (const [index, row] of this.found.slice(0, this.shown).entries()) {
      if (row.unchangedBefore > 0) {
        elements.push(this.gap(row.unchangedBefore));
      }
      elements.push(this.row(row, index));
    }
    const more = this.found.length - this.shown;
    if (more > 0) {
      const button = document.createElement('button');
      button.className = 'jp-mod-styled';
      button.textContent = trans._n('Show %1 more change', 'Show %1 more changes', more);
      button.addEventListener('click', () => {
        this.shown += PAGE;
        this.draw();
      });
      elements.push(button);
    }
    this.rows.replaceChildren(...elements);
    this.mark(false);
  }

  private gap(blocks: number): HTMLElement {
    const { trans } = this.options;
    const gap = document.createElement('p');
    gap.className = 'jp-SpecCompare-gap';
    gap.textContent = trans._n('%1 unchanged block', '%1 unchanged blocks', blocks);
    return gap;
  }

  private row(row: ChangedBlocks, index: number): HTMLElement {
    const { trans } = this.options;
    const element = document.createElement('div');
    element.className = 'jp-SpecCompare-row';
    const older = this.side(row.older, trans.__('Before'), 'jp-mod-older');
    const newer = this.side(row.newer, trans.__('After'), 'jp-mod-newer');
    const [writer] = this.passage(index)?.writers ?? [];
    if (writer) {
      const colour = safeColour(writer.colour, writer.userId);
      newer.style.setProperty('--jp-SpecCompare-author', colour);
      newer.title = this.options.written().told(writer);
    }
    element.append(older, newer);
    element.addEventListener('click', () => {
      this.index = index;
      this.mark(false);
      this.options.changed();
    });
    return element;
  }

  private side(blocks: readonly Block[], label: string, name: string): HTMLElement {
    const side = document.createElement('div');
    side.className = `jp-SpecCompare-side ${name} jp-RenderedHTMLCommon jp-SpecPreview`;
    side.setAttribute('role', 'group');
    side.setAttribute('aria-label', label);
    for (const { content } of blocks.slice(0, MOST)) {
      const place = document.createElement('div');
      side.append(place);
      this.rendered(content).then(
        host => place.replaceChildren(...(host.cloneNode(true) as HTMLElement).childNodes),
        () => (place.textContent = content.source)
      );
    }
    const more = blocks.length - MOST;
    if (more > 0) {
      const { trans } = this.options;
      const note = document.createElement('p');
      note.className = 'jp-SpecCompare-gap';
      note.textContent = trans._n(
        '%1 more block: choose another view above',
        '%1 more blocks: choose another view above',
        more
      );
      side.append(note);
    }
    return side;
  }

  private rendered(content: Content): Promise<HTMLElement> {
    const host = this.kept.get(content.key) ?? this.renderer.render(content, this.stage);
    this.kept.delete(content.key);
    this.kept.set(content.key, host);
    for (const key of this.kept.keys()) {
      if (this.kept.size <= KEPT) {
        break;
      }
      this.kept.delete(key);
    }
    return host;
  }

  private mark(isMoved: boolean): void {
    const rows = this.rows.querySelectorAll('.jp-SpecCompare-row');
    rows.forEach((row, index) => row.classList.toggle('jp-mod-current', index === this.index));
    if (isMoved) {
      rows[this.index]?.scrollIntoView({ block: 'center' });
      this.options.changed();
    }
  }
}
