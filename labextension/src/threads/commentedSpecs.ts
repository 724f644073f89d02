import type { IWidgetTracker } from '@jupyterlab/apputils';
import { Listeners } from '../runtime';

import type { SpecDocument } from '../document/document';
import { inBackground } from '../ui/failure';
import { CommentedSpec } from './commentedSpec';
import type { OpenThreads } from './openThreads';
import type { SpecComments } from './specComments';

/** Milliseconds for which the view of a spec that was opened is waited for. */
const PATIENCE = 10_000;

export interface CommentedSpecsOptions {
  readonly tracker: IWidgetTracker<SpecDocument>;
  readonly open: OpenThreads;
  /** Makes what shows the comments of a spec; its code is loaded with the first one. */
  show(spec: CommentedSpec): Promise<SpecComments>;
  /** A spec was opened. Returns what to do when it is closed. */
  opened(spec: CommentedSpec): () => void;
}

/** The specs of the main area with their comments. What shows comments is made where a spec has some. */
export class CommentedSpecs {
  /** Tells of a spec whose threads are other ones, or of which another one is selected. */
  readonly changed = new Listeners<CommentedSpec>();
  private readonly specs = new Map<SpecDocument, CommentedSpec>();
  private readonly shown = new Map<CommentedSpec, Promise<SpecComments>>();
  /** Those of {@link shown} that are loaded. */
  private readonly ready = new Map<CommentedSpec, SpecComments>();

  constructor(private readonly options: CommentedSpecsOptions) {
    const { tracker } = options;
    tracker.forEach(document => this.add(document));
    tracker.widgetAdded.connect((_, document) => this.add(document));
  }

  /** The spec with this id, or else the one that has or last had the focus; `null` where it is not open. */
  of(specId?: string): CommentedSpec | null {
    const { tracker } = this.options;
    const document =
      specId === undefined ? tracker.currentWidget : tracker.find(each => each.specId === specId);
    return (document && this.specs.get(document)) ?? null;
  }

  /** The spec with this id that was just opened: its view is known here a moment later. `null` if it is not soon. */
  whenOpen(specId: string): Promise<CommentedSpec | null> {
    return new Promise(resolve => {
      const look = () => {
        const spec = this.of(specId);
        if (spec) {
          done(spec);
        }
      };
      const stop = this.changed.add(look);
      const timer = window.setTimeout(() => done(null), PATIENCE);
      const done = (spec: CommentedSpec | null) => {
        stop();
        window.clearTimeout(timer);
        resolve(spec);
      };
      look();
    });
  }

  /** What shows the comments of a spec. */
  shownOf(spec: CommentedSpec): Promise<SpecComments> {
    const known = this.shown.get(spec) ?? this.options.show(spec);
    if (!this.shown.has(spec)) {
      this.shown.set(spec, known);
      known.then(
        comments => this.loaded(spec, comments),
        () => this.shown.delete(spec) // the next one who asks loads it again
      );
    }
    return known;
  }

  /** Cards may have more room now, or less. */
  measure(): void {
    for (const { margin } of this.ready.values()) {
      margin.measure();
    }
  }

  private loaded(spec: CommentedSpec, comments: SpecComments): void {
    if (this.shown.has(spec)) {
      this.ready.set(spec, comments);
    } else {
      comments.dispose();
    }
  }

  private add(document: SpecDocument): void {
    const { open, opened } = this.options;
    const threads = open.begin(document.connection);
    const spec = new CommentedSpec(document, threads);
    this.specs.set(document, spec);
    const closed = opened(spec);
    const isWanted = () =>
      spec.composing.current !== null || threads.all.some(({ thread }) => thread.state === 'open');
    const tell = () => {
      if (!this.shown.has(spec) && isWanted()) {
        inBackground(this.shownOf(spec));
      }
      this.changed.tell(spec);
    };
    const stops = [
      threads.changed.add(what => what === 'threads' && tell()),
      threads.selectedChanged.add(tell),
      spec.composing.changed.add(tell)
    ];
    document.disposed.connect(() => {
      stops.forEach(stop => stop());
      closed();
      this.ready.get(spec)?.dispose(); // now, while the cards are still in the page
      this.ready.delete(spec);
      this.shown.delete(spec);
      this.specs.delete(document);
      spec.dispose();
      open.end(document.connection);
    });
    tell();
  }
}
