import { editorOutline, goToPosition, onOutline } from '../editor';
import type { OutlineEntry } from '../markdown/outline';
import type { OutlinedSpec } from './outlined';

/** Puts the caret at the beginning of an entry, and shows it in the editor and in the preview. */
export function goToEntry(spec: OutlinedSpec, entry: OutlineEntry): void {
  const { editor, preview } = spec.content;
  const outline = editorOutline(editor.state);
  if (outline) {
    const { from } = outline.extentOf(entry);
    goToPosition(editor, from);
    preview?.showPosition(from);
  }
}

/** Goes to the heading, requirement or task with this id; waits until the text is there and read. */
export function goToId(spec: OutlinedSpec, id: string): void {
  const go = () => {
    const entry = editorOutline(spec.content.editor.state)?.find(id);
    if (entry) {
      goToEntry(spec, entry);
    }
    return Boolean(entry);
  };
  if (!go()) {
    const end = onOutline(spec.content.editor, () => {
      if (go()) {
        end();
      }
    });
    setTimeout(end, PATIENCE);
  }
}

/** Milliseconds in which a heading has to be found; later the reader is somewhere else already. */
const PATIENCE = 15_000;
