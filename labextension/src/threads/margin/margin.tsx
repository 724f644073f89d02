import type { EditorView } from '@codemirror/view';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import { onUpdate } from '../../editor';
import { mayComment } from '../../protocol';
import { inBackground } from '../../ui/failure';
import type { Composing } from '../composing';
import { keepFocus } from '../keptFocus';
import type { ThreadContext } from '../threadContext';
import { Cards, NEW } from './cards';
import { HeldCards } from './heldCards';
import { hasTextOfDocument, type Passage, PassageTops, type Placing } from './passages';
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
/** Milliseconds in which cards move to their places when another one is selected. */
const SETTLED = 200;

/** What is seen of the scrolled text, in pixels from its top. */
interface Window {
  readonly top: number;
  readonly height: number;
}

interface Measured {
  readonly passages: readonly Passage[];
  readonly isWide: boolean;
  readonly seen: Window;
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
  /** The thread whose card is to have the focus. */
  private wanted: string | null = null;
  /** What had the focus when it was asked for. */
  private before: Element | null = null;
  private isWide = false;
  private settling = 0;
  private readonly held: HeldCards;
  private readonly tops: PassageTops;
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
    this.held = new HeldCards(view.scrollDOM, () => this.measure());
    this.tops = new PassageTops(view);
    const scrolled = () => this.showNear(this.seen);
    const keyDown = (event: KeyboardEvent) => this.keyDown(event);
    view.scrollDOM.addEventListener('scroll', scrolled, { passive: true });
    // Around the cards, and not in their node: what is in them has its keys first.
    view.scrollDOM.addEventListener('keydown', keyDown);
    this.stops.push(
      threads.changed.add(what => this.changed(what === 'threads')),
      threads.selectedChanged.add(() => this.selected()),
      composing.changed.add(() => this.begunOrLeft()),
      onUpdate(view, update => {
        this.tops.updated(update);
        if (update.geometryChanged || update.viewportChanged) {
          this.measure();
        }
      }),
      () => view.scrollDOM.removeEventListener('scroll', scrolled),
      () => view.scrollDOM.removeEventListener('keydown', keyDown),
      keepFocus(this.node, () => context.leave()),
      () => window.clearTimeout(this.settling),
      () => this.held.dispose()
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

  /** Gives the focus to the card of the selected thread, as soon as it is open. */
  focusOn(threadId: string): void {
    this.wanted = threadId;
    this.before = document.activeElement;
    this.giveFocus();
  }

  /** Gives the focus to the card in which a new thread is written. */
  focusOnNew(): void {
    this.focusOn(NEW);
  }

  protected override onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    inBackground(this.renderPromise?.then(() => this.giveFocus()));
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
    return {
      passages: this.tops.measured(this.placings),
      isWide: this.hasCards,
      seen: this.seen
    };
  }

  private get seen(): Window {
    const { scrollTop, clientHeight } = this.options.view.scrollDOM;
    return { top: scrollTop, height: clientHeight };
  }

  private place({ passages, isWide, seen }: Measured): void {
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
      const cards = passages.map(each => ({
        ...each,
        height: this.held.heightOf(each.id) ?? CARD
      }));
      this.places = placed(cards, composing.current ? NEW : context.threads.selected);
      this.signs = [];
    } else {
      this.places = [];
      this.signs = gathered(
        passages.filter(({ id }) => id !== NEW),
        SIGN
      );
    }
    this.showNear(seen);
  }

  /** Has the cards and signs near the view in the page, where they stand; and the card that has the focus. */
  private showNear(seen: Window): void {
    const { threads } = this.options.context;
    const [top, bottom] = [seen.top - AROUND, seen.top + seen.height + AROUND];
    const cards = near(this.places, top, bottom, this.held.focused);
    this.set({
      cards: cards.flatMap(({ id }) => (id === NEW ? [] : (threads.find(id) ?? []))),
      hasNew: this.places.some(({ id }) => id === NEW),
      markers: this.signs.filter(sign => sign.top >= top && sign.top <= bottom)
    });
    this.places.forEach(place => this.move(place));
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

  private giveFocus(): void {
    const held = this.wanted === null ? undefined : this.held.node(this.wanted);
    const card = held?.querySelector<HTMLElement>('.jp-Thread.jp-mod-current');
    if (card) {
      this.wanted = null;
      if (!this.hasGoneOn(card)) {
        (card.querySelector('textarea') ?? card).focus({ preventScroll: true });
      }
    }
  }

  /** Whether the user writes in the card already, or has gone elsewhere since the focus was asked for. */
  private hasGoneOn(card: HTMLElement): boolean {
    const { before } = this;
    const { activeElement: active, body } = document;
    if (active?.matches('textarea') && card.contains(active)) {
      return true;
    }
    return active !== before && active !== body && before?.isConnected === true;
  }

  private begunOrLeft(): void {
    if (this.wanted === NEW && !this.options.composing.current) {
      this.wanted = null;
    }
    this.changed(true);
  }

  private selected(): void {
    if (this.options.context.threads.selected !== this.wanted) {
      this.wanted = null;
    }
    this.node.classList.add('jp-mod-settling');
    window.clearTimeout(this.settling);
    this.settling = window.setTimeout(() => this.node.classList.remove('jp-mod-settling'), SETTLED);
    this.changed(true);
  }

  private readonly hold = (id: string, node: HTMLElement | null): void => {
    this.held.hold(id, node);
    const place = node && this.places.find(each => each.id === id);
    if (place) {
      this.move(place);
    }
  };

  private move({ id, top }: PlacedCard): void {
    const node = this.held.node(id);
    if (node) {
      node.style.transform = `translateY(${Math.round(top)}px)`;
    }
  }

  /** The arrow keys go from card to card, Esc goes back to the text. */
  private keyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const target = event.target as HTMLElement;
    if (!this.node.contains(target)) {
      return; // typed into the text
    }
    if (event.key === 'Escape' && !event.defaultPrevented) {
      this.options.context.leave();
    } else if (step && target.matches('.jp-Thread')) {
      const stops = this.places.flatMap(({ id }) => this.held.node(id)?.firstElementChild ?? []);
      const next = stops[stops.indexOf(target) + step];
      (next as HTMLElement | undefined)?.focus();
      event.preventDefault();
    }
  }
}
