import type { TranslationBundle } from '@jupyterlab/translation';

import { editorOutline, onOutline } from '../editor';
import type { EditorView } from '@codemirror/view';
import { type HeadingCounts, setHeadingCounts } from '../outline/headingCounts';
import type { SpecThreads } from './specThreads';

/** Milliseconds after which a change is counted: the table of contents is not what one looks at while typing. */
const REST = 400;

/** Tells the table of contents how many open comments are in each section. Returns a function that ends it. */
export function countByHeading(
  view: EditorView,
  threads: SpecThreads,
  trans: TranslationBundle
): () => void {
  let timer = 0;
  const count = () => setHeadingCounts(view, countsIn(view, threads, trans));
  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(count, REST);
  };
  const stops = [
    threads.changed.add(what => what === 'threads' && later()),
    onOutline(view, later)
  ];
  later();
  return () => {
    window.clearTimeout(timer);
    stops.forEach(stop => stop());
  };
}

/** The open threads of each section, without those of the sections in it. */
function countsIn(view: EditorView, threads: SpecThreads, trans: TranslationBundle): HeadingCounts {
  const outline = editorOutline(view.state);
  const counts = new Map<string, number>();
  for (const { thread, range } of threads.all) {
    const path = range && thread.state === 'open' ? outline?.pathAt(range.start) : null;
    const heading = path?.at(-1);
    if (heading) {
      counts.set(heading.id, (counts.get(heading.id) ?? 0) + 1);
    }
  }
  return new Map(
    [...counts].map(([id, number]) => [
      id,
      { count: number, label: trans._n('%1 open comment', '%1 open comments', number, number) }
    ])
  );
}
