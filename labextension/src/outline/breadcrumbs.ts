import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { editorOutline, onOutline } from '../editor';
import { onUpdate } from '../editor/updates';
import type { OutlineEntry } from '../markdown/outline';
import { goToEntry } from './goTo';
import { HEADING_ATTRIBUTE, headingText } from './heading';
import type { OutlinedSpec } from './outlined';

/** The headings of the section that the caret is in; nothing where it is in none. */
export class Breadcrumbs extends Widget {
  private readonly list = document.createElement('ol');
  private readonly ends: (() => void)[];
  private frame = 0;
  private shown = '';

  constructor(
    private readonly spec: OutlinedSpec,
    private readonly trans: TranslationBundle
  ) {
    super({ node: document.createElement('nav') });
    this.addClass('jp-SpecBreadcrumbs');
    this.node.setAttribute('aria-label', trans.__('Section at the cursor'));
    this.node.append(this.list);
    const { editor } = spec.content;
    this.ends = [
      onOutline(editor, () => this.schedule()),
      onUpdate(editor, ({ selectionSet }) => {
        if (selectionSet) {
          this.schedule();
        }
      })
    ];
    this.hide();
    this.schedule();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      cancelAnimationFrame(this.frame);
      this.ends.forEach(end => end());
      super.dispose();
    }
  }

  /** Once a frame at most: a held arrow key moves the caret more often. */
  private schedule(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.renew());
  }

  private renew(): void {
    const { state } = this.spec.content.editor;
    const outline = editorOutline(state);
    const path = outline?.pathAt(state.selection.main.head) ?? [];
    this.setHidden(path.length === 0);
    const shown = JSON.stringify(path.map(({ id, title }) => [id, title]));
    if (shown !== this.shown) {
      this.shown = shown;
      this.list.replaceChildren(
        ...path.map((entry, index) => this.crumb(entry, index === path.length - 1))
      );
    }
  }

  private crumb(entry: OutlineEntry, isLast: boolean): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = headingText(entry);
    button.title = this.trans.__('Go to “%1”', headingText(entry));
    button.setAttribute(HEADING_ATTRIBUTE, entry.id);
    if (isLast) {
      button.setAttribute('aria-current', 'location');
    }
    button.addEventListener('click', () => {
      const { editor } = this.spec.content;
      // The entry that is shown may be of an outline before the last one.
      const now = editorOutline(editor.state)?.find(entry.id);
      if (now) {
        goToEntry(this.spec, now);
        editor.focus();
      }
    });
    const item = document.createElement('li');
    item.append(button);
    return item;
  }
}
