import type { EditorView } from '@codemirror/view';
import type { Panel, Widget } from '@lumino/widgets';

/** A spec in the main area, as far as its outline is concerned. */
export interface OutlinedSpec extends Widget {
  readonly specId: string;
  readonly content: Widget & {
    readonly editor: EditorView;
    /** The line above the text. */
    readonly head: Panel;
    /** The preview, where there is one; it shows the same place. */
    readonly preview: { showPosition(position: number): void } | null;
  };
}
