import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view';

import type { OutlineEntry } from '../markdown/outline';
import { type EditorOutline, editorOutline } from './outline';

/** Says something of a heading or requirement; an empty text for nothing. */
export type SectionNote = (entry: OutlineEntry) => Promise<string>;

/** Milliseconds that the pointer rests on a heading before something is said of it. */
const REST = 500;

/** By editor, and not in its state, which JupyterLab may make anew. */
const notes = new WeakMap<EditorView, SectionNote>();

/** Has the editor say this where the pointer rests on a heading or requirement. */
export function setSectionNote(view: EditorView, note: SectionNote): void {
  notes.set(view, note);
}

/** Among the extensions of an editor for which {@link setSectionNote} is called. */
export const sectionNotes: Extension = hoverTooltip(
  async (view, position): Promise<Tooltip | null> => {
    const line = view.state.doc.lineAt(position);
    const outline = editorOutline(view.state);
    const entry = outline && subjectIn(outline, line.from, line.to);
    const text = (entry && (await notes.get(view)?.(entry))) || '';
    return text
      ? {
          pos: line.from,
          end: line.to,
          above: true,
          create: () => {
            const dom = document.createElement('div');
            dom.className = 'cm-specSectionNote';
            dom.textContent = text;
            return { dom };
          }
        }
      : null;
  },
  { hoverTime: REST }
);

/** The last heading or requirement that begins between two positions; `null` if none does. */
export function subjectIn(
  outline: Pick<EditorOutline, 'entry' | 'extentOf'>,
  from: number,
  to: number
): OutlineEntry | null {
  let high = 1;
  const begins = (index: number) => {
    const entry = outline.entry(index);
    return entry ? outline.extentOf(entry).from : Infinity;
  };
  while (begins(high - 1) <= to) {
    high *= 2;
  }
  let low = 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (begins(middle) <= to) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const entry = outline.entry(low - 1);
  return entry && entry.kind !== 'task' && begins(low - 1) >= from ? entry : null;
}
