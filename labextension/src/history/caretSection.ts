import type { EditorView } from '@codemirror/view';

import { editorOutline, onOutline } from '../editor';
import { onUpdate } from '../editor/updates';
import { headingText } from '../outline/heading';

/** Milliseconds for which the caret has to rest. */
const REST = 400;

export interface Section {
  readonly id: string;
  readonly title: string;
}

/**
 * Calls back with the section that the caret is in, now and when it rests in another one; `null` before the first
 * heading. Returns a function that ends it.
 */
export function onSection(
  view: EditorView,
  listener: (section: Section | null) => void
): () => void {
  let timer = 0;
  let told: string | null = '';
  const tell = () => {
    const section = sectionAt(view);
    const id = section?.id ?? null;
    if (id !== told) {
      told = id;
      listener(section);
    }
  };
  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(tell, REST);
  };
  const ends = [
    onOutline(view, later),
    onUpdate(view, ({ selectionSet }) => {
      if (selectionSet) {
        later();
      }
    })
  ];
  tell();
  return () => {
    window.clearTimeout(timer);
    ends.forEach(end => end());
  };
}

/** The innermost heading above the caret. */
function sectionAt({ state }: EditorView): Section | null {
  const entry = editorOutline(state)?.pathAt(state.selection.main.head).at(-1);
  return entry ? { id: entry.id, title: headingText(entry) } : null;
}
