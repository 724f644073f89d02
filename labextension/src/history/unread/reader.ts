import type { TranslationBundle } from '@jupyterlab/translation';
import { DisposableDelegate, DisposableSet, type IDisposable } from '@lumino/disposable';
import type { Widget } from '@lumino/widgets';
import { EditorView } from '@codemirror/view';

import { catchUp, editorOutline, safeColour } from '../../editor';
import { type NewMark, renewNewMarks, setNewMarks } from '../../editor/newMarks';
import { headingText } from '../../outline/heading';
import { browserEnvironment, Listeners } from '../../runtime';
import type { SpecConnection } from '../../session';
import type { Activity } from './activity';
import { piecesBetween } from './fresh';
import { Looks, shownIn } from './looks';
import type { News } from './news';
import { pieceSentence } from './sentences';
import { nextStop, stopsOf, type Stretch } from './stops';
import type { Visit } from './visit';

/** A view of a spec: its editor, and where there is one, its preview. */
export interface ReadSpec extends Widget {
  readonly connection: SpecConnection;
  readonly editor: EditorView;
  readonly preview: {
    /** What of the source the preview shows on the screen, in the editor's positions; `null`: no preview is seen. */
    readonly onScreen: Stretch | null;
    showPosition(position: number): void;
  } | null;
}

export interface ReaderOptions {
  readonly spec: ReadSpec;
  readonly visit: Visit;
  readonly activity: Activity;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
}

/** Who reads a view of a spec: marks in its margin what is new, notices what was seen, and goes from one to the next. */
export class Reader implements IDisposable {
  private readonly looks: Looks;
  private readonly resources = new DisposableSet();
  private readonly listeners = new Listeners<void>();
  private frame = 0;
  private told = '';

  constructor(private readonly options: ReaderOptions) {
    const { spec, visit, activity } = options;
    const { editor } = spec;
    this.looks = new Looks({
      environment: browserEnvironment,
      activity,
      isWanted: () => visit.wantsLooks,
      shown: () => this.shown(),
      seen: stretches => this.seen(stretches),
      back: () => visit.back(this.sections())
    });
    setNewMarks(editor, (from, to) => this.marks(from, to));
    const scrolled = () => this.looks.restart();
    spec.node.addEventListener('scroll', scrolled, { capture: true, passive: true });
    const stops = [
      visit.subscribe(what => (what === 'told' ? this.schedule() : this.looks.start())),
      () => spec.node.removeEventListener('scroll', scrolled, { capture: true }),
      () => this.looks.dispose(),
      () => cancelAnimationFrame(this.frame)
    ];
    stops.forEach(stop => this.resources.add(new DisposableDelegate(stop)));
    this.schedule();
  }

  get isDisposed(): boolean {
    return this.resources.isDisposed;
  }

  dispose(): void {
    this.resources.dispose();
  }

  /** Calls `listener` when what is told below has changed; returns a function that ends that. */
  subscribe(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  get news(): News | null {
    return this.options.visit.news;
  }

  /** Whether something was not on the screen yet. */
  get hasUnseen(): boolean {
    return this.options.visit.hasUnseen;
  }

  /** Calls `listener` when that may have changed; returns a function that ends it. */
  onUnseen(listener: () => void): () => void {
    return this.options.visit.subscribe(listener);
  }

  /** Where the reader was brought last, in words. */
  get place(): string {
    return this.told;
  }

  /** Whether there is somewhere to go. */
  get hasPlaces(): boolean {
    const { letters } = this.options.visit;
    return letters !== null && piecesBetween(letters, 0, letters.letters.length).length > 0;
  }

  /** The spec was shown or hidden. */
  shownOrHidden(): void {
    this.looks.restart();
  }

  markAll(): void {
    this.options.visit.markAll();
  }

  /** Puts the caret at the next new piece, or the previous one. */
  go(direction: 1 | -1): void {
    const { spec, trans } = this.options;
    const { editor } = spec;
    catchUp(editor);
    const pieces = this.pieces(0, editor.state.doc.length);
    const stops = stopsOf(pieces);
    const index = nextStop(stops, editor.state.selection.main.head, direction);
    const stop = stops[index];
    if (stop) {
      editor.dispatch({
        selection: { anchor: stop.from },
        effects: EditorView.scrollIntoView(stop.from, { y: 'center' })
      });
      spec.preview?.showPosition(stop.from);
      const mark = this.marks(stop.from, stop.to)[0];
      this.told = trans.__('%1 of %2: %3', index + 1, stops.length, mark?.title ?? '');
      this.listeners.tell();
    }
  }

  /** Once a frame at most. */
  private schedule(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      renewNewMarks(this.options.spec.editor);
      this.looks.start();
      this.listeners.tell();
    });
  }

  /** What is on the screen, of the source or of the preview. */
  private shown(): readonly Stretch[] {
    const { spec } = this.options;
    if (!spec.isVisible) {
      return [];
    }
    const { onScreen } = spec.preview ?? { onScreen: null };
    return [...shownIn(spec.editor), ...(onScreen ? [onScreen] : [])];
  }

  private seen(stretches: readonly Stretch[]): void {
    const { spec, visit } = this.options;
    catchUp(spec.editor);
    const { document } = spec.connection;
    for (const { from, to } of stretches) {
      visit.looked(document.codePointOf(from), document.codePointOf(to));
    }
  }

  /** What is new between two positions of the editor, in its positions. */
  private pieces(from: number, to: number) {
    const { spec, visit } = this.options;
    const { document } = spec.connection;
    const { letters } = visit;
    return letters
      ? piecesBetween(letters, document.codePointOf(from), document.codePointOf(to)).map(piece => ({
          ...piece,
          from: document.utf16Of(piece.from),
          to: document.utf16Of(piece.to)
        }))
      : [];
  }

  private marks(from: number, to: number): NewMark[] {
    const { visit, trans, locale } = this.options;
    const now = Date.now();
    return this.pieces(from, to).map(({ by: { userId, time }, isSeen, ...piece }) => {
      const writer = visit.writer(userId);
      const name = writer?.userName ?? trans.__('Somebody');
      return {
        from: piece.from,
        to: piece.to,
        isSeen,
        colour: safeColour(writer?.color, userId),
        title: pieceSentence(name, 1000 * time, now, piece.from === piece.to, trans, locale)
      };
    });
  }

  /** The titles of the sections that have something that was not seen. */
  private sections(): readonly string[] {
    const { state } = this.options.spec.editor;
    const outline = editorOutline(state);
    const titles = new Map<string, string>();
    for (const { from, isSeen } of this.pieces(0, state.doc.length)) {
      const section = outline?.pathAt(from).at(-1);
      if (!isSeen) {
        titles.set(section?.id ?? '', section ? headingText(section) : '');
      }
    }
    return [...titles.values()];
  }
}
