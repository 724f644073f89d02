import type { TranslationBundle } from '@jupyterlab/translation';
import { StringExt } from '@lumino/algorithm';
import { Widget } from '@lumino/widgets';

import { editorOutline } from '../editor';
import type { OutlineEntry } from '../markdown/outline';
import { goToEntry } from './goTo';
import { headingText } from './heading';
import type { OutlinedSpec } from './outlined';

/** How many entries are shown at most; more letters find the others. */
const MOST = 100;

interface Match {
  readonly entry: OutlineEntry;
  readonly text: string;
  readonly score: number;
  /** Which letters of the text are those that were typed. */
  readonly indices: readonly number[];
}

/** The entries whose letters contain those of `query` in their order, the best first. */
export function matching(entries: readonly OutlineEntry[], query: string): Match[] {
  const letters = query.replace(/\s+/g, '').toLowerCase();
  const found = entries.flatMap(entry => {
    const text = headingText(entry);
    const match = StringExt.matchSumOfSquares(text.toLowerCase(), letters);
    return match ? { entry, text, ...match } : [];
  });
  return letters ? found.sort((one, other) => one.score - other.score) : found;
}

/** A list of the headings, requirements and tasks of a spec, from which letters choose one to go to. */
export class GoToDialog extends Widget {
  private readonly input = document.createElement('input');
  private readonly list = document.createElement('ul');
  private readonly status = document.createElement('p');
  private readonly before = document.activeElement;
  private matches: Match[] = [];
  private chosen = 0;

  constructor(
    private readonly spec: OutlinedSpec,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-SpecGoTo');
    const { input, list, status, node } = this;
    node.setAttribute('role', 'dialog');
    node.setAttribute('aria-modal', 'true');
    node.setAttribute('aria-label', trans.__('Go to heading or requirement'));
    list.id = 'jp-SpecGoTo-list';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', trans.__('Headings, requirements and tasks'));
    input.type = 'text';
    input.placeholder = trans.__('Go to heading or requirement');
    input.setAttribute('aria-label', input.placeholder);
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-expanded', 'true');
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-autocomplete', 'list');
    status.setAttribute('role', 'status');
    const box = document.createElement('div');
    box.className = 'jp-SpecGoTo-box';
    box.append(input, status, list);
    node.append(box);
    this.find();
  }

  /** Opens it, above everything. */
  open(): void {
    Widget.attach(this, document.body);
    this.input.focus();
  }

  handleEvent(event: Event): void {
    if (event.type === 'input') {
      this.find();
    } else if (event instanceof KeyboardEvent) {
      this.onKey(event);
    } else if (event.type === 'mousedown') {
      this.onPointer(event);
    } else if (event.type === 'focusout') {
      this.onFocusOut(event as FocusEvent);
    }
  }

  protected override onAfterAttach(): void {
    EVENTS.forEach(type => this.node.addEventListener(type, this));
  }

  protected override onBeforeDetach(): void {
    EVENTS.forEach(type => this.node.removeEventListener(type, this));
  }

  private onKey(event: KeyboardEvent): void {
    const { key } = event;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 10,
      PageUp: -10
    };
    if (event.isComposing) {
      return;
    }
    if (key === 'Escape') {
      this.leave(true);
    } else if (key === 'Enter') {
      this.go(this.matches[this.chosen]);
    } else if (key in steps) {
      this.choose(this.chosen + steps[key]);
    } else if (key !== 'Tab') {
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private onPointer(event: Event): void {
    const option = (event.target as Element).closest('li');
    if (option) {
      event.preventDefault();
      this.go(this.matches[[...this.list.children].indexOf(option)]);
    } else if (event.target === this.node) {
      event.preventDefault();
      this.leave(true);
    }
  }

  private onFocusOut({ relatedTarget }: FocusEvent): void {
    if (relatedTarget instanceof Node && !this.node.contains(relatedTarget)) {
      this.leave(false);
    }
  }

  private go(match: Match | undefined): void {
    if (match) {
      this.leave(false);
      goToEntry(this.spec, match.entry);
      this.spec.activate();
    }
  }

  private leave(isFocusBack: boolean): void {
    if (this.isDisposed) {
      return;
    }
    const { before } = this;
    this.dispose();
    if (isFocusBack && before instanceof HTMLElement) {
      before.focus();
    }
  }

  private find(): void {
    const entries = editorOutline(this.spec.content.editor.state)?.entries ?? [];
    const found = matching(entries, this.input.value);
    this.matches = found.slice(0, MOST);
    this.list.replaceChildren(...this.matches.map((match, index) => this.option(match, index)));
    this.list.hidden = found.length === 0;
    this.status.textContent = this.statusText(entries.length, found.length);
    this.choose(this.input.value ? 0 : this.atCaret());
  }

  private statusText(all: number, found: number): string {
    const { trans } = this;
    if (all === 0) {
      return trans.__('This spec has no headings, requirements or tasks yet.');
    }
    if (found === 0) {
      return trans.__('Nothing has these letters. Type fewer of them.');
    }
    return found > MOST
      ? trans.__('%1 of %2. Type more letters to find the others.', MOST, found)
      : trans._n('%1 entry', '%1 entries', found);
  }

  /** The entry that the caret is at, where the list begins. */
  private atCaret(): number {
    const { state } = this.spec.content.editor;
    const path = editorOutline(state)?.pathAt(state.selection.main.head) ?? [];
    const at = this.matches.findIndex(({ entry }) => entry === path.at(-1));
    return Math.max(0, at);
  }

  private option({ entry, text, indices }: Match, index: number): HTMLElement {
    const option = document.createElement('li');
    option.id = `jp-SpecGoTo-${index}`;
    option.setAttribute('role', 'option');
    option.dataset['kind'] = entry.kind;
    option.style.setProperty('--jp-SpecGoTo-level', `${Math.max(1, entry.level) - 1}`);
    const marked = new Set(indices);
    const name = document.createElement('span');
    name.className = 'jp-SpecGoTo-text';
    [...text].reduce((at, letter) => {
      const part = marked.has(at) ? document.createElement('mark') : document.createElement('span');
      part.textContent = letter;
      name.append(part);
      return at + letter.length;
    }, 0);
    const kind = document.createElement('span');
    kind.className = 'jp-SpecGoTo-kind';
    kind.textContent = this.kindText(entry);
    option.append(name, kind);
    return option;
  }

  private kindText({ kind, done, line }: OutlineEntry): string {
    const { trans } = this;
    const place = trans.__('line %1', line + 1);
    if (kind === 'heading') {
      return place;
    }
    if (done !== undefined) {
      return `${done ? trans.__('done') : trans.__('to do')}, ${place}`;
    }
    return `${trans.__('requirement')}, ${place}`;
  }

  private choose(index: number): void {
    const options = this.list.children;
    options[this.chosen]?.removeAttribute('aria-selected');
    this.chosen = Math.min(Math.max(0, index), Math.max(0, options.length - 1));
    const option = options[this.chosen];
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView?.({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', option?.id ?? '');
  }
}

const EVENTS = ['input', 'keydown', 'mousedown', 'focusout'];
