import { DocInput } from '@codemirror/language';
import { type ChangeSet, type Text as EditorText } from '@codemirror/state';
import { type EditorView, type PluginValue, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { NodeType, type PartialParse, Tree, TreeFragment } from '@lezer/common';

import { blockParser } from '../markdown/commonMark';
import { bodyFrom, HEAD_UNITS } from '../markdown/frontMatter';

/**
 * The syntax tree of a whole text, and the text that it belongs to.
 *
 * Its top node `Spec` has a `FrontMatter`, where there is one, and a `Document`, which holds the blocks. Blocks have no
 * nodes for what is in their text, such as emphasis. Those that a change leaves as they are keep their `Tree`, so that
 * what was made of one can be kept by it, in a `WeakMap`.
 */
export interface WholeTree {
  readonly tree: Tree;
  readonly doc: EditorText;
  /** The tree of the `Document`, and where it begins. */
  readonly body: Tree;
  readonly bodyFrom: number;
}

/** Milliseconds that are parsed at a time. */
const SLICE = 4;
/** Milliseconds within which the parser goes on, also where the page is never idle. */
const SOON = 60;

/** The newest tree; `null` while there is none. It may belong to a text before the last changes. */
export function wholeTree(view: EditorView): WholeTree | null {
  return view.plugin(wholeTrees)?.finished ?? null;
}

/**
 * Calls `listener` whenever there is a newer tree, until the function that it returns is called. Only while somebody
 * listens is anything parsed.
 */
export function onWholeTree(view: EditorView, listener: () => void): () => void {
  const listeners = audienceOf(view);
  const own = () => listener();
  listeners.add(own);
  view.plugin(wholeTrees)?.schedule();
  return () => {
    listeners.delete(own);
    if (listeners.size === 0) {
      view.plugin(wholeTrees)?.stop();
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
  readonly parse: PartialParse;
  readonly doc: EditorText;
  readonly bodyFrom: number;
  readonly changes: ChangeSet[];
}

/**
 * Parses the whole text in slices, in idle moments.
 *
 * A parse goes on to its end, however the text is changed meanwhile: it is one of the text as it was. The next one
 * takes the blocks that it left unchanged. So it comes to an end where people type all the time, and there are never
 * more fragments than the changes since the last finished tree make.
 *
 * Law (`wholeTree.test.ts`, "is that of a parse of the whole text"): after any changes the tree is that of a new parse.
 */
class WholeTrees implements PluginValue {
  finished: WholeTree | null = null;
  private running: Running | null = null;
  /** What of the finished tree is unchanged, by positions in the present text. */
  private fragments: readonly TreeFragment[] = [];
  private cancel: (() => void) | null = null;

  constructor(private readonly view: EditorView) {
    this.schedule();
  }

  update({ docChanged, changes }: ViewUpdate): void {
    if (docChanged && audienceOf(this.view).size > 0) {
      this.fragments = changed(this.fragments, changes);
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
    this.fragments = [];
  }

  schedule(): void {
    if (audienceOf(this.view).size > 0) {
      this.cancel ??= whenIdle(() => {
        this.cancel = null;
        this.goOn();
      });
    }
  }

  private goOn(): void {
    const { doc } = this.view.state;
    if (!this.running && this.finished?.doc === doc) {
      return;
    }
    const running = (this.running ??= begun(doc, this.fragments));
    const end = performance.now() + SLICE;
    let body: Tree | null;
    do {
      body = running.parse.advance();
    } while (!body && performance.now() < end);
    if (!body) {
      this.schedule();
      return;
    }
    this.running = null;
    this.finish(running, body);
    if (this.finished?.doc !== doc) {
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

  private finish({ doc, bodyFrom: from, changes }: Running, body: Tree): void {
    this.finished = { tree: above(body, from, doc.length), doc, body, bodyFrom: from };
    const whole = new TreeFragment(from, doc.length, body, -from);
    this.fragments = changes.reduce(changed, [whole]);
  }
}

/** Has to be among the extensions of an editor whose {@link wholeTree} is asked for. */
export const wholeTrees = ViewPlugin.fromClass(WholeTrees);

function begun(doc: EditorText, fragments: readonly TreeFragment[]): Running {
  const from = bodyFrom(doc.sliceString(0, HEAD_UNITS, '\n'));
  const ranges = [{ from, to: doc.length }];
  const whole = fragments.flatMap(fragment => linesOf(fragment, doc));
  const parse = blockParser.startParse(new DocInput(doc), whole, ranges);
  return { parse, doc, bodyFrom: from, changes: [] };
}

/** The fragment without its last line, of which no block is taken; the parser would look for its beginning letter by letter. */
function linesOf(fragment: TreeFragment, doc: EditorText): TreeFragment[] {
  const { from, tree, offset, openStart, openEnd } = fragment;
  const to = doc.lineAt(fragment.to).from;
  return from < to ? [new TreeFragment(from, to, tree, offset, openStart, openEnd)] : [];
}

const TOP = NodeType.define({ id: 0, name: 'Spec', top: true });
const FRONT_MATTER = NodeType.define({ id: 1, name: 'FrontMatter' });

function above(body: Tree, from: number, length: number): Tree {
  return from > 0
    ? new Tree(TOP, [new Tree(FRONT_MATTER, [], [], from), body], [0, from], length)
    : new Tree(TOP, [body], [0], length);
}

function changed(fragments: readonly TreeFragment[], changes: ChangeSet): readonly TreeFragment[] {
  const ranges: { fromA: number; toA: number; fromB: number; toB: number }[] = [];
  changes.iterChangedRanges((fromA, toA, fromB, toB) => ranges.push({ fromA, toA, fromB, toB }));
  return TreeFragment.applyChanges(fragments, ranges);
}

/** Safari has no idle callbacks. */
function whenIdle(call: () => void): () => void {
  if (typeof requestIdleCallback === 'function') {
    const idle = requestIdleCallback(call, { timeout: SOON });
    return () => cancelIdleCallback(idle);
  }
  const timer = setTimeout(call, SOON / 4);
  return () => clearTimeout(timer);
}
