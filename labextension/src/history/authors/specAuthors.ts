import type { EditorView } from '@codemirror/view';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { connectionOf } from '../../editor/connectionFacet';
import { refreshTint, setTint, type TintSource } from '../../editor/authorTint';
import { onUpdate } from '../../editor/updates';
import { type Environment, inSlices } from '../../runtime';
import type { SpecError } from '../../server/error';
import type { HistoryApi } from '../../server/history';
import type { SpecConnection } from '../../session';
import type { Byline } from '../../sync/authorship';
import type { Attribution } from '../../text';
import type { KnownPeople } from '../knownPeople';
import type { TintChoice, TintMemory } from './choice';
import { LiveAuthorship } from './liveAuthorship';
import { piecesOf, type Shares, sharesOf, type Telling } from './tinting';

/** Milliseconds between two counts of the letters while people type. */
const COUNT = 800;

export interface SpecAuthorsOptions {
  readonly connection: SpecConnection;
  readonly view: EditorView;
  readonly api: Pick<HistoryApi, 'attribution'>;
  readonly people: KnownPeople;
  /** What is told from the beginning. */
  readonly choice: TintChoice;
  readonly memory: TintMemory;
  readonly environment: Environment;
  /** The read mark of the user from before this visit; `null` where there is none. */
  readonly lastRead: () => Promise<number | null>;
  /** What the pointer shows for letters of a version. */
  tooltip(version: number, byline: Byline): HTMLElement;
}

/** Who wrote the letters of one spec, in its editor and in numbers. Nothing is asked or computed while it is off. */
export class SpecAuthors implements IDisposable {
  private chosen: TintChoice;
  private authorship: LiveAuthorship | null = null;
  private counted: Shares | null = null;
  /** The version that the user had read before; `undefined` while that is not known. */
  private read: number | null | undefined = undefined;
  private cancelCount: (() => void) | null = null;
  private lastCounted: Attribution | null = null;
  private stops: readonly (() => void)[] = [];
  private closed = false;
  private readonly change = new Signal<this, void>(this);

  constructor(private readonly options: SpecAuthorsOptions) {
    this.chosen = options.choice;
    if (this.chosen.isOn) {
      this.begin();
    }
  }

  get changed(): ISignal<this, void> {
    return this.change;
  }

  get isDisposed(): boolean {
    return this.closed;
  }

  dispose(): void {
    if (!this.closed) {
      this.closed = true;
      this.end();
      Signal.clearData(this);
    }
  }

  get choice(): TintChoice {
    return this.chosen;
  }

  /** Changes what is told; what is not named stays. */
  choose(change: Partial<TintChoice>): void {
    const before = this.chosen;
    this.chosen = { ...before, ...change };
    this.options.memory.keep(this.options.connection.specId, this.chosen);
    if (this.chosen.isOn && !before.isOn) {
      this.begin();
    } else if (!this.chosen.isOn) {
      this.end();
    }
    if (this.chosen.since.kind === 'visit' && this.read === undefined) {
      this.askForRead();
    }
    this.recount();
  }

  /** How many letters are whose; `null` while that is not known. */
  get shares(): Shares | null {
    return this.counted;
  }

  get error(): SpecError | null {
    return this.authorship?.error ?? null;
  }

  get people(): KnownPeople {
    return this.options.people;
  }

  retry(): void {
    this.authorship?.retry();
    this.change.emit();
  }

  /** The pattern of a person beside the colour. */
  patternOf(userId: string): number {
    return Math.max(0, this.authorship?.writers.indexOf(userId) ?? 0);
  }

  /** Who wrote the letter at a place of the connection's text, and in which version; `null` if that is not known. */
  writtenAt(position: number): { readonly version: number; readonly byline: Byline } | null {
    const version = this.authorship?.shown?.within(position, position + 1)[0]?.[1];
    const byline = version === undefined ? null : this.authorship?.bylineOf(version);
    return version !== undefined && byline ? { version, byline } : null;
  }

  /** The same for the letter behind the caret, or at the end of the text for the one before it. */
  get writtenAtCaret(): ReturnType<SpecAuthors['writtenAt']> {
    const { view, connection } = this.options;
    const { head } = view.state.selection.main;
    const position = connection.document.codePointOf(head);
    return this.writtenAt(position) ?? (position > 0 ? this.writtenAt(position - 1) : null);
  }

  /** The text of the connection that the editor shows is told by this. */
  private readonly source: TintSource = {
    within: (from, to) => {
      const shown = this.authorship?.shown;
      return shown ? piecesOf(shown, from, to, this.telling) : null;
    },
    tooltipAt: position => {
      const written = this.writtenAt(position);
      return written && this.telling.isTold(written.version, written.byline)
        ? this.options.tooltip(written.version, written.byline)
        : null;
    }
  };

  private get telling(): Telling {
    const { environment, people } = this.options;
    const { since, mode } = this.chosen;
    const read = this.read ?? null;
    const isTold = (version: number, { time }: Byline) => {
      switch (since.kind) {
        case 'beginning':
          return true;
        case 'version':
          return version > since.version;
        case 'date':
          return time >= since.time;
        case 'visit':
          return read !== null && version > read;
      }
    };
    return {
      mode,
      isTold,
      now: Math.floor(environment.date() / 1000),
      bylineOf: version => this.authorship?.bylineOf(version) ?? null,
      colourOf: userId => people.colourOf(userId),
      patternOf: userId => this.patternOf(userId)
    };
  }

  private begin(): void {
    const { view, connection, api, people, environment } = this.options;
    if (connectionOf(view.state) !== connection || this.authorship) {
      return;
    }
    this.authorship = new LiveAuthorship({ connection, api, people, environment });
    this.stops = [
      this.authorship.changed.add(() => this.refresh()),
      onUpdate(view, ({ selectionSet }) => {
        if (selectionSet) {
          this.change.emit();
        }
      })
    ];
    if (this.chosen.since.kind === 'visit') {
      this.askForRead();
    }
    setTint(view, this.source);
    this.refresh();
  }

  private end(): void {
    this.stops.forEach(stop => stop());
    this.stops = [];
    this.cancelCount?.();
    this.cancelCount = null;
    this.authorship?.dispose();
    this.authorship = null;
    this.counted = null;
    this.lastCounted = null;
    setTint(this.options.view, null);
  }

  private refresh(): void {
    if (this.authorship) {
      refreshTint(this.options.view);
      this.countSoon();
    }
    this.change.emit();
  }

  /** Counts at once what was not counted yet, else after a while: typing does not wait for it. */
  private countSoon(): void {
    const { environment } = this.options;
    this.cancelCount ??= environment.after(this.counted ? COUNT : 0, () => this.count());
  }

  /** Something else is told now. */
  private recount(): void {
    this.cancelCount?.();
    this.cancelCount = null;
    this.lastCounted = null;
    if (this.authorship) {
      this.cancelCount = this.options.environment.after(0, () => this.count());
    }
    this.refresh();
  }

  private count(): void {
    const shown = this.authorship?.shown ?? null;
    this.cancelCount = null;
    if (shown && shown !== this.lastCounted) {
      this.lastCounted = shown;
      this.cancelCount = inSlices(
        this.options.environment,
        sharesOf(shown, this.telling),
        counted => {
          this.cancelCount = null;
          this.counted = counted;
          this.change.emit();
        }
      );
    }
  }

  private askForRead(): void {
    this.read = null;
    this.options.lastRead().then(
      version => {
        this.read = version ?? 0;
        if (!this.closed) {
          this.recount();
        }
      },
      () => {
        this.read = undefined; // the next choice asks again
      }
    );
  }
}
