import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type { Clock } from '../../runtime';
import { asSpecError, SpecError } from '../../server/error';
import type { HistoryApi } from '../../server/history';
import type { OperationPage, OperationsApi } from '../../server/operations';
import type { KnownPeople } from '../knownPeople';
import { type Arrived, arrivedIn } from './arrived';
import { Film, type FilmSource } from './film';
import type { Frame } from './keptTexts';
import { Player } from './player';
import { SittingMarks } from './sittingMarks';
import type { Step } from './step';

/** Of how many versions that were passed over the letters are shown as new. */
const NEW = 200;
/** The same while the film runs letter by letter, so that what was typed last can be read. */
const TRAIL = 12;

/** In longer histories people who are not here have the colours that the page chooses for them. */
const COLOURED = 100_000;

/** What is shown; each change replaces the whole value. */
export interface VersionsState {
  /** Whether the length of the history is known. */
  readonly isOpen: boolean;
  readonly first: number;
  readonly last: number;
  /** The version that was sought last. */
  readonly position: number;
  /** What led to it; `null` where that is not known (yet). */
  readonly step: Step | null;
  readonly isWaiting: boolean;
  readonly error: SpecError | null;
}

const NOTHING: VersionsState = {
  isOpen: false,
  first: 0,
  last: 0,
  position: 0,
  step: null,
  isWaiting: true,
  error: null
};

export interface VersionsOptions {
  readonly specId: string;
  readonly operations: Pick<OperationsApi, 'page'>;
  readonly history: Pick<HistoryApi, 'at' | 'attribution' | 'sittings'>;
  readonly people: KnownPeople;
  readonly clock: Clock;
  /** The version to begin with; by default the last one. */
  readonly version: number | null;
}

/** A version to draw, with what has just come in it, and how to get there from another one. */
export interface Shown {
  readonly frame: Frame;
  readonly arrived: Arrived;
  readonly film: Film;
}

/** All versions of a spec, and which one is looked at. */
export class Versions implements IDisposable {
  readonly player: Player;
  readonly marks: SittingMarks;
  private current = NOTHING;
  private film: Film | null = null;
  private epoch: string | null = null;
  private drawn: number | null = null;
  private isClosed = false;
  private readonly stateChanged = new Signal<this, VersionsState>(this);
  private readonly frameShown = new Signal<this, Shown>(this);

  constructor(private readonly options: VersionsOptions) {
    const { history, specId, clock } = options;
    this.marks = new SittingMarks(history, specId, clock);
    this.player = new Player(clock, this);
  }

  get state(): VersionsState {
    return this.current;
  }

  get changed(): ISignal<this, VersionsState> {
    return this.stateChanged;
  }

  /** A version is there, and has to be drawn. */
  get shown(): ISignal<this, Shown> {
    return this.frameShown;
  }

  get isDisposed(): boolean {
    return this.isClosed;
  }

  dispose(): void {
    if (!this.isClosed) {
      this.isClosed = true;
      this.player.pause();
      this.film?.dispose();
      this.marks.dispose();
      Signal.clearData(this);
    }
  }

  /** Asks how long the history is, and shows a version of it. */
  async open(): Promise<void> {
    this.set({ error: null, isWaiting: true });
    try {
      const page = await this.firstPage();
      if (this.isClosed) {
        return;
      }
      this.epoch = page.epoch;
      const { after: first, version: last } = page;
      const { isOpen, position } = this.current;
      const start = isOpen ? position : (this.options.version ?? last);
      this.makeFilm(first, last);
      this.set({ isOpen: true, first, last });
      this.seek(Math.min(Math.max(start, first), last));
    } catch (error) {
      this.failed(error);
      return;
    }
    this.loadMarks();
    this.loadColours();
  }

  /** Shows a version. */
  seek(version: number): void {
    const { first, last } = this.current;
    const position = Math.min(Math.max(version, first), last);
    this.set({ position, error: null, step: this.film?.stepTo(position) ?? null });
    this.film?.seek(position);
  }

  /** Shows the end of the sitting before or after the version that is shown. */
  seekSitting(direction: 1 | -1): void {
    const { position, first, last } = this.current;
    const { marks } = this;
    this.seek(direction > 0 ? marks.endAfter(position, last) : marks.endBefore(position, first));
  }

  /** The spec has come to a later version. */
  extend(version: number): void {
    if (this.current.isOpen && version > this.current.last) {
      this.film?.extend(version);
      this.marks.extend(version);
      this.set({ last: version });
    }
  }

  /** Tries again what failed. */
  retry(): void {
    if (this.current.isOpen) {
      this.seek(this.current.position);
    } else {
      this.open().catch(() => undefined);
    }
  }

  private makeFilm(first: number, last: number): void {
    const { options } = this;
    const source: FilmSource = {
      operations: (after, limit) => this.page(after, limit),
      text: async version => (await options.history.at(options.specId, version)).content
    };
    this.film?.dispose();
    this.drawn = null;
    const film = new Film({
      source,
      clock: options.clock,
      first,
      last,
      shown: frame => this.draw(film, frame),
      waiting: isWaiting => this.set({ isWaiting }),
      failed: error => this.failed(error)
    });
    this.film = film;
  }

  /** The first operations that can be read: what was folded away before them has no film. */
  private async firstPage(): Promise<OperationPage> {
    const { operations, specId } = this.options;
    try {
      return await operations.page(specId, 0, 1);
    } catch (error) {
      const nearest = error instanceof SpecError && error.details['nearest'];
      if (typeof nearest !== 'number') {
        throw error;
      }
      return operations.page(specId, nearest, 1);
    }
  }

  private async page(after: number, limit: number): Promise<OperationPage> {
    const { operations, specId, people } = this.options;
    const page = await operations.page(specId, after, limit);
    if (page.epoch !== this.epoch) {
      // The history was replaced by that of a backup. What is kept goes, with the film that asked for this page.
      await this.open();
      throw new SpecError('REVISION_NOT_FOUND', 'The spec has another history now.');
    }
    people.add(page.people);
    return page;
  }

  private draw(film: Film, frame: Frame): void {
    const passed = Math.abs(frame.version - (this.drawn ?? frame.version - 1));
    const trail = this.player.isPlaying ? TRAIL : 1;
    const steps = film.stepsUpTo(frame.version, Math.min(NEW, Math.max(passed, trail)));
    this.drawn = frame.version;
    this.set({ step: steps.at(-1) ?? null, isWaiting: false });
    this.frameShown.emit({ frame, arrived: arrivedIn(frame.text, steps), film });
  }

  /** Without the sittings the slider has no marks, and goes by versions alone. */
  private loadMarks(): void {
    this.marks.load().catch((error: unknown) => console.error(asSpecError(error)));
  }

  /** Those of people who are not here are as in the tint of the text and in comparisons, where the answer is short. */
  private loadColours(): void {
    const { history, specId, people } = this.options;
    if (this.current.last <= COLOURED) {
      history.attribution(specId).then(
        answer => {
          people.add(answer.people);
          this.marks.changed.tell();
        },
        (error: unknown) => console.error(asSpecError(error))
      );
    }
  }

  private failed(error: unknown): void {
    if (!this.isClosed) {
      this.player.pause();
      this.set({ isWaiting: false, error: asSpecError(error) });
    }
  }

  private set(changes: Partial<VersionsState>): void {
    if (!this.isClosed) {
      this.current = { ...this.current, ...changes };
      this.stateChanged.emit(this.current);
    }
  }
}
