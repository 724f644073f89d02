import { foldAll, unfoldAll } from '@codemirror/language';
import type { EditorView } from '@codemirror/view';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  Clipboard,
  Notification,
  type ICommandPalette,
  type IWidgetTracker
} from '@jupyterlab/apputils';
import type { ITableOfContentsRegistry } from '@jupyterlab/toc';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';

import { editorOutline, toggleFold, whenOutlined } from '../editor';
import { linkTo } from '../server/specLink';
import { CommandIDs } from '../ui/commandIds';
import { Breadcrumbs } from './breadcrumbs';
import { contentsFactory } from './contents';
import { GoToDialog } from './goToDialog';
import { HEADING_ATTRIBUTE } from './heading';
import type { OutlinedSpec } from './outlined';

export interface OutlineOptions {
  readonly app: JupyterFrontEnd;
  readonly tracker: IWidgetTracker<OutlinedSpec>;
  readonly trans: TranslationBundle;
  readonly contents: ITableOfContentsRegistry | null;
  readonly palette: ICommandPalette | null;
}

/** Adds what shows the structure of specs: the table of contents, the line above the text, and how to go to a place. */
export function addOutline({ app, tracker, trans, contents, palette }: OutlineOptions): void {
  contents?.add(contentsFactory((widget: Widget) => tracker.has(widget)));
  tracker.widgetAdded.connect((_, spec) => {
    spec.content.head.addWidget(new Breadcrumbs(spec, trans));
  });
  const { commands } = app;
  const current = () => tracker.currentWidget;
  commands.addCommand(CommandIDs.goToHeading, {
    label: trans.__('Go to Heading or Requirement…'),
    isEnabled: () => current() !== null,
    execute: () => {
      const spec = current();
      if (spec) {
        new GoToDialog(spec, trans).open();
      }
    }
  });
  commands.addCommand(CommandIDs.copySectionLink, {
    label: trans.__('Copy Link to This Section'),
    isEnabled: () => current() !== null,
    execute: () => {
      const spec = current();
      const clicked = app.contextMenuHitTest(node => node.hasAttribute(HEADING_ATTRIBUTE));
      const id = clicked?.getAttribute(HEADING_ATTRIBUTE) ?? (spec && sectionAt(spec));
      if (spec) {
        Clipboard.copyToSystem(linkToSection(spec.specId, id ?? ''));
        Notification.success(
          trans.__('Link copied. It opens this section for everybody who may see the spec.'),
          {
            autoClose: 3000
          }
        );
      }
    }
  });
  const addFolding = (id: string, label: string, fold: (view: EditorView) => boolean) =>
    commands.addCommand(id, {
      label,
      isEnabled: () => current() !== null,
      execute: async () => {
        const view = current()?.content.editor;
        if (view) {
          await whenOutlined(view);
          fold(view);
        }
      }
    });
  addFolding(CommandIDs.toggleFold, trans.__('Fold or Unfold Section'), toggleFold);
  addFolding(CommandIDs.foldAll, trans.__('Fold All Sections'), foldAll);
  addFolding(CommandIDs.unfoldAll, trans.__('Unfold All Sections'), unfoldAll);
  for (const command of [
    CommandIDs.goToHeading,
    CommandIDs.copySectionLink,
    CommandIDs.toggleFold,
    CommandIDs.foldAll,
    CommandIDs.unfoldAll
  ]) {
    palette?.addItem({ command, category: trans.__('Specs') });
  }
}

/** The id of the heading in whose section the caret is; `null` before the first one. */
function sectionAt({ content: { editor } }: OutlinedSpec): string | null {
  const path = editorOutline(editor.state)?.pathAt(editor.state.selection.main.head);
  return path?.at(-1)?.id ?? null;
}

/** The address that opens a spec at a heading. */
export function linkToSection(specId: string, heading: string): string {
  return heading ? `${linkTo(specId)}#${encodeURIComponent(heading)}` : linkTo(specId);
}
