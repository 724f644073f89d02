import type { EditorView } from '@codemirror/view';

import type { Environment } from '../../runtime';
import type { Activity } from './activity';
import type { Stretch } from './stops';

/** Milliseconds that something has to stay on the screen until it counts as seen. */
export const MOMENT = 1_500;
/** Milliseconds of scrolling after which what is on the screen then counts, too: others' edits move it as well. */
export const LONGEST = 10_000;
/** Milliseconds of absence after which a reader is told what came meanwhile. */
const ABSENCE = 60_000;

export interface LooksOptions {
  readonly environment: Environment;
  readonly activity: Pick<Activity, 'isThere' | 'onBack'>;
  /** Whether it matters what is seen. */
  isWanted(): boolean;
  /** What is on the screen, in the editor's positions; nothing while the spec is not shown. */
  shown(): readonly Stretch[];
  /** This was on the screen for a moment. */
  seen(stretches: readonly Stretch[]): void;
  /** The reader is back from a long absence. */
  back(): void;
}

/**
 * Notices what of a spec was on the screen for a moment while somebody was in front of it.
 *
 * Law (`looks.test.ts`): what is scrolled past, hidden, or shown to nobody is not seen.
 */
export class Looks {
  private cancel: (() => void) | null = null;
  private awaySince: number | null = null;
  private since = 0;
  private readonly end: () => void;

  constructor(private readonly options: LooksOptions) {
    this.end = options.activity.onBack(() => this.restart());
  }

  dispose(): void {
    this.end();
    this.cancel?.();
    this.cancel = null;
  }

  /** The view was scrolled, shown or hidden: what is on the screen now has to stay there. */
  restart(): void {
    if (this.cancel && this.options.environment.now() - this.since < LONGEST) {
      const { since } = this;
      this.cancel();
      this.cancel = null;
      this.start();
      this.since = since;
    } else {
      this.start();
    }
  }

  /** Something may have come that matters. */
  start(): void {
    if (!this.isLooking) {
      this.awaySince ??= this.options.environment.now();
      return;
    }
    const since = this.awaySince;
    this.awaySince = null;
    if (since !== null && this.options.environment.now() - since > ABSENCE) {
      this.options.back();
    }
    if (!this.cancel && this.options.isWanted()) {
      this.since = this.options.environment.now();
      this.cancel = this.options.environment.after(MOMENT, () => this.look());
    }
  }

  private get isLooking(): boolean {
    return this.options.activity.isThere && this.options.shown().length > 0;
  }

  private look(): void {
    this.cancel = null;
    if (this.isLooking) {
      this.options.seen(this.options.shown());
      // What comes into what is shown without scrolling is seen, too.
      this.start();
    } else {
      this.awaySince ??= this.options.environment.now();
    }
  }
}

/** What an editor shows on the screen, without what is folded. */
export function shownIn(view: EditorView): readonly Stretch[] {
  const { top, bottom } = view.scrollDOM.getBoundingClientRect();
  if (bottom <= top) {
    return [];
  }
  const first = view.lineBlockAtHeight(top - view.documentTop).from;
  const last = view.lineBlockAtHeight(bottom - view.documentTop).to;
  return view.visibleRanges.flatMap(({ from, to }) => {
    const [start, end] = [Math.max(from, first), Math.min(to, last)];
    return start <= end ? { from: start, to: end } : [];
  });
}
