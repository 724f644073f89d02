import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type ICommandPalette, type IWidgetTracker, Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { downloadIcon, fileIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { fileNameOf } from '../markdown/fileName';
import { CommandIDs } from '../ui/commandIds';
import { told } from '../ui/failure';
import { download } from '../ui/files';
import { localeOf } from '../ui/translation';
import type { SpecDocument } from './document';
import type { Previews } from './previews';

/** The attribute of a spec's tab that holds its id. */
const SPEC_ID = 'data-spec-id';

/** Milliseconds after which it is told that something goes on. */
const PATIENCE = 600;

/** Adds the commands that make an HTML page of the current spec: to keep it, and to print it. */
export function addExportCommands(
  app: JupyterFrontEnd,
  tracker: IWidgetTracker<SpecDocument>,
  previews: Previews,
  trans: TranslationBundle,
  palette: ICommandPalette | null
): void {
  const { commands } = app;
  const target = ({ isContextMenu, specId }: ReadonlyPartialJSONObject) => {
    if (!isContextMenu && typeof specId !== 'string') {
      return tracker.currentWidget;
    }
    const id = isContextMenu ? underMenu(app) : specId;
    return tracker.find(each => each.specId === id) ?? null;
  };
  commands.addCommand(CommandIDs.exportHtml, {
    label: trans.__('Download Spec as HTML'),
    caption: trans.__('One file with everything in it: pictures, formulas and diagrams'),
    icon: downloadIcon,
    isEnabled: args => target(args) !== null,
    isVisible: args => target(args) !== null,
    execute: async args => {
      const widget = target(args);
      const page = widget && (await pageOf(widget, previews, trans));
      if (page) {
        download(page.html, fileNameOf(page.title).replace(/\.md$/, '.html'), 'text/html');
      }
    }
  });
  commands.addCommand(CommandIDs.print, {
    label: trans.__('Print Spec…'),
    icon: fileIcon,
    isEnabled: args => target(args) !== null,
    execute: async args => {
      const widget = target(args);
      const page = widget && (await pageOf(widget, previews, trans));
      if (page) {
        const { printPage } = await import('../preview/print');
        printPage(page.html, page.title);
      }
    }
  });
  const category = trans.__('Specs');
  palette?.addItem({ command: CommandIDs.exportHtml, category });
  palette?.addItem({ command: CommandIDs.print, category });
}

/** The id of the spec whose tab a context menu was opened on. */
function underMenu(app: JupyterFrontEnd): string | null {
  const tab = app.contextMenuHitTest(node => node.hasAttribute(SPEC_ID));
  return tab?.getAttribute(SPEC_ID) ?? null;
}

interface Page {
  readonly title: string;
  readonly html: string;
}

/** The page; `null` if its user has cancelled it, or was told that it failed. */
function pageOf(
  { specId, connection, title: { label } }: SpecDocument,
  previews: Previews,
  trans: TranslationBundle
): Promise<Page | null> {
  const stop = new AbortController();
  const { signal } = stop;
  return told(
    async () => {
      const note = new Progress(trans, () => stop.abort());
      try {
        const { exportPage } = await import('../preview/exportPage');
        const title = await previews.titleOf(specId, label);
        const html = await exportPage({
          title,
          text: connection.document.toString(),
          language: localeOf(trans) ?? '',
          rendermime: previews.rendermime,
          pictures: previews.picturesOf(specId),
          trans,
          signal,
          progress: share => note.show(share)
        });
        return { title, html };
      } catch (error) {
        if (signal.aborted) {
          return null;
        }
        throw error;
      } finally {
        note.close();
      }
    },
    trans.__('The page could not be made.'),
    trans
  );
}

/** Tells how far it is, with a button that ends it; nothing where it is soon done. */
class Progress {
  private id: string | null = null;
  private readonly began = performance.now();

  constructor(
    private readonly trans: TranslationBundle,
    private readonly cancel: () => void
  ) {}

  show(share: number): void {
    const progress = Math.round(100 * share) / 100;
    const message = this.trans.__('Making the page…');
    if (this.id !== null) {
      Notification.update({ id: this.id, message, progress });
    } else if (performance.now() - this.began > PATIENCE) {
      this.id = Notification.emit(message, 'in-progress', {
        autoClose: false,
        progress,
        actions: [{ label: this.trans.__('Cancel'), callback: this.cancel }]
      });
    }
  }

  close(): void {
    if (this.id !== null) {
      Notification.dismiss(this.id);
    }
  }
}
