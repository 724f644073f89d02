import type { EditorView } from '@codemirror/view';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { onUpdate } from '../../editor';
import { mayComment } from '../../protocol';
import type { Composing } from '../composing';
import type { ThreadContext } from '../threadContext';
import { Cards, NEW } from './cards';
import { hasTextOfDocument, type Passage, passagesIn, type Placing } from './passages';
import { gathered, type Marker, near, placed, type PlacedCard } from './placement';
import { type MarginState, NOTHING, sameState } from './state';

export interface MarginOptions {
  readonly view: EditorView;
  readonly context: ThreadContext;
  readonly composing: Composing;
  /** Whether the sidebar shows the threads of this text: then there are signs only. */
  isInSidebar(): boolean;
  showInSidebar(threadId: string): void;
}

/** Pixels that an editor has to be wide to have cards beside its text. */
const WIDE = 760;
/** How high a card is taken to be that was never in the page, and the pixels of a sign. */
const [CARD, SIGN] = [96, 26];
/** Pixels above and below the view in which cards are in the page. */
const AROUND = 400;

interface Measured {
  readonly passages: readonly Passage[];
  readonly isWide: boolean;
}

const [EMPTY, NARROW] = ['jp-mod-empty', 'jp-mod-narrow'];

/**
 * Cards beside the text of an editor, in what it scrolls: they go with the text, and take room from it instead of
 * covering it. In a narrow editor there are signs, and the cards are in the sidebar.
 */
export class Margin extends ReactWidget {
  private state = NOTHING;
  private places: readonly PlacedCard[] = [];
  private signs: readonly Marker[] = [];
  private isWide = false;
  private readonly heights = new Map<string, number>();
  private readonly held = new Map<string, HTMLElement>();
  private readonly observer: ResizeObserver | null;
  private readonly stops: (() => void)[] = [];

  constructor(private readonly options: MarginOptions) {
    super();
    const { view, context, composing } = options;
    const { threads, trans } = context;
    this.addClass('jp-ThreadMargin');
    this.addClass(EMPTY);
    this.addClass(NARROW);
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', trans.__('Comments beside the text'));
    this.observer =
      typeof ResizeObserver === 'undefined'
        ? null
        : new ResizeObserver(entries => this.resized(entries));
    const scrolled = () => this.show();
    const keyDown = (event: KeyboardEvent) => this.keyDown(event);
    view.scrollDOM.addEventListener('scroll', scrolled, { passive: true });
    this.node.addEventListener('keydown', keyDown);
    this.observer?.observe(view.scrollDOM);
    this.stops.push(
      threads.changed.add(what => this.changed(what === 'threads')),
      threads.selectedChanged.add(() => this.selected()),
      composing.changed.add(() => this.changed(true)),
      onUpdate(view, ({ docChanged, geometryChanged, viewportChanged }) => {
        if (docChanged || geometryChanged || viewportChanged) {
          this.measure();
        }
      }),
      () => view.scrollDOM.removeEventListener('scroll', scrolled),
      () => this.node.removeEventListener('keydown', keyDown),
      () => this.observer?.disconnect()
    );
    this.measure();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.stops.forEach(stop => stop());
      super.dispose();
    }
  }

  /** What is beside the text may be elsewhere, or something else. */
  measure(): void {
    const { view } = this.options;
    view.requestMeasure({
      key: this,
      read: () => (this.mayMeasure ? this.read() : null),
      write: found => found && this.place(found)
    });
  }

  /** Whether the editor is seen, and has the text that positions of threads are of. */
  private get mayMeasure(): boolean {
    const { view } = this.options;
    return !this.isDisposed && view.scrollDOM.clientWidth > 0 && hasTextOfDocument(view);
  }

  /** Whether cards stand beside the text, and not signs only. */
  get hasCards(): boolean {
    const { view, isInSidebar } = this.options;
    return view.scrollDOM.clientWidth >= WIDE && view.lineWrapping && !isInSidebar();
  }

  /** Gives the focus to the card of a thread, if it is in the page. */
  focusOn(threadId: string): boolean {
    const card = this.held.get(threadId)?.querySelector<HTMLElement>('.jp-Thread');
    const field = card?.querySelector<HTMLElement>('textarea') ?? card;
    field?.focus({ preventScroll: true });
    return field !== undefined && field !== null;
  }

  protected override render(): JSX.Element {
    const { context, composing, showInSidebar } = this.options;
    return (
      <Cards
        {...this.state}
        context={context}
        composing={composing}
        mayComment={mayComment(context.threads.role)}
        hold={this.hold}
        showInSidebar={showInSidebar}
      />
    );
  }

  /** What stands beside the text, in its order: open threads, the selected one, and the one that is written. */
  private get placings(): readonly Placing[] {
    const { composing, context } = this.options;
    const { threads } = context;
    const placings = threads.all.flatMap(({ thread: { threadId, state }, range }) =>
      range && (state === 'open' || threadId === threads.selected)
        ? { id: threadId, position: range.start }
        : []
    );
    const { current } = composing;
    if (current) {
      const at = placings.findIndex(({ position }) => position > current.start);
      const own = { id: NEW, position: current.start };
      placings.splice(at < 0 ? placings.length : at, 0, own);
    }
    return placings;
  }

  private read(): Measured {
    return { passages: passagesIn(this.options.view, this.placings), isWide: this.hasCards };
  }

  private place({ passages, isWide }: Measured): void {
    const { context, composing, view } = this.options;
    const isEmpty = passages.length === 0;
    if (isWide !== this.isWide || isEmpty !== this.hasClass(EMPTY)) {
      this.isWide = isWide;
      this.toggleClass(EMPTY, isEmpty);
      this.toggleClass(NARROW, !isWide);
      view.requestMeasure(); // the text has more room now, or less
    }
    if (!this.isAttached && !isEmpty && view.scrollDOM.isConnected) {
      Widget.attach(this, view.scrollDOM);
    }
    if (isWide) {
      const cards = passages.map(each => ({ ...each, height: this.heights.get(each.id) ?? CARD }));
      this.places = placed(cards, composing.current ? NEW : context.threads.selected);
      this.signs = [];
    } else {
      this.places = [];
      this.signs = gathered(
        passages.filter(({ id }) => id !== NEW),
        SIGN
      );
    }
    this.show();
  }

  /** Has the cards and signs near the view in the page, where they stand. */
  private show(): void {
    const { scrollTop, clientHeight } = this.options.view.scrollDOM;
    const { threads } = this.options.context;
    const [top, bottom] = [scrollTop - AROUND, scrollTop + clientHeight + AROUND];
    const seen = near(this.places, top, bottom, this.focused);
    this.set({
      cards: seen.flatMap(({ id }) => (id === NEW ? [] : (threads.find(id) ?? []))),
      hasNew: this.places.some(({ id }) => id === NEW),
      markers: this.signs.filter(sign => sign.top >= top && sign.top <= bottom)
    });
    this.places.forEach(place => this.move(place));
  }

  /** The id of the card that has the focus: it stays in the page, wherever one scrolls. */
  private get focused(): string | null {
    for (const [id, node] of this.held) {
      if (node.contains(document.activeElement)) {
        return id;
      }
    }
    return null;
  }

  private set(state: MarginState): void {
    const isSame = sameState(state, this.state);
    this.state = state;
    if (!isSame) {
      this.update();
    }
  }

  /** What cards show may be something else, or only their places. */
  private changed(isOther: boolean): void {
    if (isOther) {
      this.update();
    }
    this.measure();
  }

  private selected(): void {
    this.node.classList.add('jp-mod-settling');
    window.setTimeout(() => this.node.classList.remove('jp-mod-settling'), 200);
    this.changed(true);
  }

  private readonly hold = (id: string, node: HTMLElement | null): void => {
    const before = this.held.get(id);
    if (before && before !== node) {
      this.observer?.unobserve(before);
      this.held.delete(id);
    }
    if (node) {
      this.held.set(id, node);
      this.observer?.observe(node);
      const place = this.places.find(each => each.id === id);
      if (place) {
        this.move(place);
      }
    }
  };

  private move({ id, top }: PlacedCard): void {
    const node = this.held.get(id);
    if (node) {
      node.style.transform = `translateY(${Math.round(top)}px)`;
    }
  }

  private resized(entries: readonly ResizeObserverEntry[]): void {
    let isOther = false;
    for (const { target } of entries) {
      const id = [...this.held].find(([, node]) => node === target)?.[0];
      const height = (target as HTMLElement).offsetHeight;
      if (id === undefined) {
        isOther = true; // the editor itself
      } else if (height > 0 && this.heights.get(id) !== height) {
        this.heights.set(id, height);
        isOther = true;
      }
    }
    if (isOther) {
      this.measure();
    }
  }

  /** The arrow keys go from card to card, Esc goes back to the text. */
  private keyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const target = event.target as HTMLElement;
    if (event.key === 'Escape' && !event.defaultPrevented) {
      this.options.context.leave();
    } else if (step && target.matches('.jp-Thread')) {
      const stops = this.places.flatMap(({ id }) => this.held.get(id)?.firstElementChild ?? []);
      const next = stops[stops.indexOf(target) + step];
      (next as HTMLElement | undefined)?.focus();
      event.preventDefault();
    }
  }
}
