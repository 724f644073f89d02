import type { EditorView } from '@codemirror/view';
import { Clipboard } from '@jupyterlab/apputils';

import { catchUp } from '../editor';
import { PERMALINK } from './headings';
import type { BlockList } from './list';
import { ADDRESS, type LinkTarget, targetOf } from './links';
import type { ParsedSource } from './parsedSource';
import { taskOf, tick } from './tasks';
import { wordAt } from './words';

export interface ClicksOptions {
  readonly view: EditorView;
  readonly list: BlockList;
  readonly source: ParsedSource;
  open(target: LinkTarget): void;
  toHeading(heading: string): boolean;
  toBlock(index: number, selector: string): void;
  linkTo(heading: string): string;
  copied(): void;
  showSource(position: number): void;
}

/** What happens when somebody clicks in the preview. A single click never moves the caret of the source. */
export class Clicks {
  private readonly stops: (() => void)[] = [];

  constructor(private readonly options: ClicksOptions) {
    this.listen('click', event => this.clicked(event as MouseEvent));
    this.listen('auxclick', event => this.clicked(event as MouseEvent));
    this.listen('change', event => this.changed(event));
    this.listen('dblclick', event => this.clickedTwice(event as MouseEvent));
  }

  dispose(): void {
    this.stops.forEach(stop => stop());
  }

  private clicked(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || event.button > 1) {
      return;
    }
    event.preventDefault();
    const heading = link.getAttribute(PERMALINK);
    const selector = link.dataset['specTo'];
    if (heading !== null) {
      Clipboard.copyToSystem(this.options.linkTo(heading));
      this.options.copied();
    } else if (selector) {
      this.toNote(selector);
    } else {
      this.follow(link.getAttribute(ADDRESS) ?? '');
    }
  }

  private follow(href: string): void {
    const { open, toHeading } = this.options;
    const target = targetOf(href, { url: window.location.href });
    if (target?.kind === 'heading') {
      toHeading(target.heading);
    } else if (target) {
      open(target);
    }
  }

  /** Between a footnote and what refers to it. */
  private toNote(selector: string): void {
    const { list, toBlock } = this.options;
    const [, attribute = '', name = ''] = /^\[([\w-]+)="(.*)"\]$/s.exec(selector) ?? [];
    const isText = attribute === 'data-spec-note';
    const index = list.all.findIndex(({ footnotes, notes }) =>
      isText
        ? footnotes.some(note => CSS.escape(note) === name)
        : footnotes.length === 0 && [...notes.keys()].some(note => CSS.escape(note) === name)
    );
    if (index >= 0) {
      toBlock(index, `${selector} a`);
    }
  }

  private changed(event: Event): void {
    const { view, list, source } = this.options;
    const task = taskOf(event.target);
    const box = event.target as HTMLInputElement;
    const item = task === null ? null : list.itemAt(box);
    if (item && task !== null) {
      catchUp(view);
      const place = item.block.from + item.block.tasks[task]!;
      if (!tick(view, source.toEditor(place), box.checked)) {
        box.checked = !box.checked;
      }
    }
  }

  private clickedTwice(event: MouseEvent): void {
    const { list, source, view, showSource } = this.options;
    const target = event.target instanceof Element ? event.target : null;
    const item = list.itemAt(target);
    if (!item || target?.closest('a, button, input, summary')) {
      return;
    }
    const { from, to } = item.block;
    const [start, end] = [source.toEditor(from), source.toEditor(to, -1)];
    const text = view.state.sliceDoc(start, Math.max(start, end));
    showSource(start + wordAt(item.node, window.getSelection(), text));
  }

  private listen(type: string, listener: (event: Event) => void): void {
    const { node } = this.options.list;
    node.addEventListener(type, listener);
    this.stops.push(() => node.removeEventListener(type, listener));
  }
}
