import type { ChangeSet, Text as EditorText } from '@codemirror/state';
import { type EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';

import type { ParsedText } from '../markdown/parsedText';
import {
  type ChangedRange,
  type KnownChunks,
  parseInSteps,
  unchanged
} from '../markdown/textParsing';
import type { Steps } from '../text';

/** Milliseconds that are parsed at a time. */
const SLICE = 4;
/** Milliseconds within which the parser goes on, also where the page is never idle. */
const SOON = 60;
/** After a parse that took longer than a slice the parser rests so many times as long, and so long at most. */
const [REST, LONGEST_REST] = [4, 1_000];

/** The newest parse; `null` while there is none. It may be of the text before the last changes. */
export function parsedText(view: EditorView): ParsedText<EditorText> | null {
  return view.plugin(textParser)?.finished ?? null;
}

/**
 * Calls `listener` whenever there is a newer parse, until the function that it returns is called. Only while somebody
 * listens is anything parsed.
 */
export function onParsedText(view: EditorView, listener: () => void): () => void {
  const listeners = audienceOf(view);
  const own = () => listener();
  listeners.add(own);
  view.plugin(textParser)?.schedule();
  return () => {
    listeners.delete(own);
    if (listeners.size === 0) {
      view.plugin(textParser)?.stop();
    }
  };
}

/** Who listens. By editor, and not in its state, which JupyterLab may make anew. */
const audiences = new WeakMap<EditorView, Set<() => void>>();

function audienceOf(view: EditorView): Set<() => void> {
  const known = audiences.get(view) ?? new Set();
  audiences.set(view, known);
  return known;
}

/** A parse of the text as it was when it began, and the changes since then. */
interface Running {
  readonly steps: Steps<ParsedText<EditorText>>;
  readonly changes: ChangeSet[];
  duration: number;
}

const NOTHING: KnownChunks = { chunks: [], starts: [] };

/**
 * Parses the text in slices, in idle moments.
 *
 * A parse goes on to its end, however the text is changed meanwhile: it is one of the text as it was. The next one
 * takes the chunks that are still right. So it comes to an end where people type all the time.
 *
 * Law (`textParser.test.ts`, "is that of the whole text"): after any changes it finds what a new parse finds.
 */
class TextParser implements PluginValue {
  finished: ParsedText<EditorText> | null = null;
  private running: Running | null = null;
  /** What of the finished parse is unchanged, by positions in the present text. */
  private known = NOTHING;
  private cancel: (() => void) | null = null;
  private duration = 0;
  private origin = {};

  constructor(private readonly view: EditorView) {
    this.schedule();
  }

  update({ docChanged, changes }: ViewUpdate): void {
    if (docChanged && audienceOf(this.view).size > 0) {
      this.known = unchanged(this.known, rangesOf(changes));
      this.running?.changes.push(changes);
      this.schedule();
    }
  }

  destroy(): void {
    this.stop();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
    this.running = null;
    this.finished = null;
    this.known = NOTHING;
    this.origin = {};
  }

  schedule(): void {
    if (audienceOf(this.view).size > 0) {
      const call = () => {
        this.cancel = null;
        this.goOn();
      };
      const isLong = !this.running && this.duration > SLICE;
      this.cancel ??= isLong
        ? later(Math.min(REST * this.duration, LONGEST_REST), call)
        : whenIdle(call);
    }
  }

  private goOn(): void {
    const { doc } = this.view.state;
    if (!this.running && this.finished?.doc === doc) {
      return;
    }
    const { known, origin } = this;
    const running = (this.running ??= {
      steps: parseInSteps(doc, { known, origin }),
      changes: [],
      duration: 0
    });
    const began = performance.now();
    let step = running.steps.next();
    while (!step.done && performance.now() - began < SLICE) {
      step = running.steps.next();
    }
    running.duration += performance.now() - began;
    if (!step.done) {
      this.schedule();
      return;
    }
    this.running = null;
    this.duration = running.duration;
    this.finished = step.value;
    this.known = running.changes.map(rangesOf).reduce(unchanged, step.value);
    if (this.finished.doc !== this.view.state.doc) {
      this.schedule();
    }
    this.tell();
  }

  /** As with an event target, an error of one listener is reported and the others are still called. */
  private tell(): void {
    for (const listener of [...audienceOf(this.view)]) {
      try {
        listener();
      } catch (error) {
        reportError(error);
      }
    }
  }
}

/** Has to be among the extensions of an editor whose {@link parsedText} is asked for. */
export const textParser = ViewPlugin.fromClass(TextParser);

function rangesOf(changes: ChangeSet): ChangedRange[] {
  const ranges: ChangedRange[] = [];
  changes.iterChangedRanges((fromA, toA, fromB, toB) => ranges.push({ fromA, toA, fromB, toB }));
  return ranges;
}

/** Safari has no idle callbacks. */
function whenIdle(call: () => void): () => void {
  if (typeof requestIdleCallback === 'function') {
    const idle = requestIdleCallback(call, { timeout: SOON });
    return () => cancelIdleCallback(idle);
  }
  return later(SOON / 4, call);
}

function later(delay: number, call: () => void): () => void {
  const timer = setTimeout(call, delay);
  return () => clearTimeout(timer);
}
