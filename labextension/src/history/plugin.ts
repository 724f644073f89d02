import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry, jupyterTheme } from '@jupyterlab/codemirror';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { SpecDocument } from '../document/document';
import { MARKDOWN } from '../document/markdownLanguage';
import type { SpecServer } from '../server/server';
import { ISpecDocuments, ISpecServer } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { unawaited } from '../ui/failure';
import { DOMAIN, localeOf } from '../ui/translation';
import { addCommands } from './commands';
import { Comparisons, ComparisonTab } from './compare/comparisons';
import { pairOf } from './compare/pair';
import { Labels } from './labels';
import { HistoryPanel } from './panel';
import { Restore } from './restore';

/** Longer texts are compared without colours of Markdown. */
const COLOURED = 200_000;

const history: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:history',
  description:
    'The history of shared specs: who wrote what and when, any earlier text, comparisons.',
  autoStart: true,
  requires: [ISpecServer, ISpecDocuments],
  optional: [
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    IRenderMimeRegistry,
    IEditorLanguageRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    documents: ISpecDocuments,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    rendermime: IRenderMimeRegistry | null,
    languages: IEditorLanguageRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const locale = localeOf(trans);
    const { commands, shell } = app;
    const uncompared = trans.__('The versions could not be compared.');
    const refresh = (specId: string) => {
      if (panel.document?.specId === specId) {
        panel.renew();
      }
    };
    const restore = new Restore({ api: server.history, trans, restored: refresh });
    const labels = new Labels({
      api: server.history,
      trans,
      changed: refresh,
      hide: (specId, version, isHidden) => {
        if (panel.document?.specId === specId) {
          panel.shown?.hideLabel(version, isHidden);
        }
      }
    });
    const comparisons = new Comparisons({
      app,
      server,
      trans,
      locale,
      rendermime,
      extensions: async length => {
        const language = length <= COLOURED ? await languages?.getLanguage(MARKDOWN) : null;
        return [jupyterTheme, language?.support ?? []];
      },
      picturesOf: specId => ({
        attachment: attachmentId => server.attachments.addressOf(specId, attachmentId),
        file: path => URLExt.join(PageConfig.getBaseUrl(), 'files', URLExt.encodeParts(path))
      }),
      restoreVersion: (specId, version, name) =>
        unawaited(
          restore.ask(specId, version, name),
          trans.__('The version could not be restored.'),
          trans
        )
    });
    /** Compares the version that was picked or shown before with this one. */
    const withSecond = (version: number): boolean => {
      const spec = panel.document;
      const first = panel.picked?.version ?? shownVersion;
      if (!spec || first === null || first === version) {
        return false;
      }
      panel.pick(null);
      unawaited(
        comparisons.open(pairOf(spec.specId, first, version), spec.title.label, spec.id),
        uncompared,
        trans
      );
      return true;
    };
    const compare = (args: { version: number; before?: number; with: string }) =>
      unawaited(commands.execute(CommandIDs.compareVersions, args), uncompared, trans);
    let shownVersion: number | null = null;
    const panel = new HistoryPanel({
      api: server.history,
      commands,
      trans,
      view: {
        trans,
        locale,
        actions: {
          open: ({ fromVersion, toVersion }, isSecond) => {
            if (!((isSecond || panel.picked) && withSecond(toVersion))) {
              compare({ version: toVersion, before: fromVersion, with: 'before' });
            }
          },
          openVersion: (version, isSecond) => {
            if (!((isSecond || panel.picked) && withSecond(version))) {
              compare({ version, with: 'now' });
            }
          },
          showSpecs: () =>
            unawaited(
              commands.execute(CommandIDs.showSpecs),
              trans.__('The specs can’t be shown.'),
              trans
            )
        }
      }
    });
    addCommands({ app, documents, panel, comparisons, labels, restore, trans, locale, palette });

    const follow = () => {
      const { currentWidget } = shell;
      if (currentWidget instanceof SpecDocument) {
        panel.document = currentWidget;
        shownVersion = null;
      } else if (currentWidget instanceof ComparisonTab) {
        const { specId, older, newer } = currentWidget.pair;
        const spec = [...shell.widgets('main')].find(
          each => each instanceof SpecDocument && each.specId === specId
        );
        if (spec instanceof SpecDocument) {
          panel.document = spec;
        }
        shownVersion = panel.document?.specId === specId ? (newer ?? older) : null;
      }
      panel.current = shownVersion;
      [CommandIDs.labelVersion, CommandIDs.showHistory].forEach(id =>
        commands.notifyCommandChanged(id)
      );
    };
    shell.currentChanged?.connect(follow);
    documents.accessChanged.connect(() => commands.notifyCommandChanged(CommandIDs.labelVersion));
    shell.add(panel, 'right', { rank: 650, type: 'Specs' });
    restorer?.add(panel, panel.id);
  }
};

export const historyPlugins = [history];
