import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IMainMenu } from '@jupyterlab/mainmenu';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandToolbarButton } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { SpecDocument } from '../../document/document';
import { SpecDocuments } from '../../document/documents';
import { browserEnvironment } from '../../runtime';
import type { SpecServer } from '../../server/server';
import { ISpecDocuments, ISpecServer } from '../../tokens';
import { CommandIDs } from '../../ui/commandIds';
import { unawaited } from '../../ui/failure';
import { DOMAIN, localeOf } from '../../ui/translation';
import { KnownPeople } from '../knownPeople';
import { type TintChoice, TintMemory } from './choice';
import { authorsIcon } from './icons';
import type { SpecAuthors } from './specAuthors';
import { Tint } from './tint';

const authors: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:authors',
  description: 'Who wrote which letter of a spec, as a tint of its text.',
  autoStart: true,
  requires: [ISpecServer, ISpecDocuments],
  optional: [ITranslator, ICommandPalette, IMainMenu],
  activate: (
    { commands }: JupyterFrontEnd,
    server: SpecServer,
    documents: ISpecDocuments,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    menu: IMainMenu | null
  ) => {
    if (!(documents instanceof SpecDocuments)) {
      return;
    }
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const locale = localeOf(trans);
    const memory = new TintMemory(localStorage);
    const known = new Map<SpecDocument, Tint>();
    const { tracker } = documents;
    const openSitting = (specId: string, version: number, before: number) => {
      const args = { specId, version, before, with: 'before' };
      unawaited(
        Promise.all([
          commands.execute(CommandIDs.showHistory),
          commands.execute(CommandIDs.compareVersions, args)
        ]),
        trans.__('The history can’t be shown.'),
        trans
      );
    };
    const add = (document: SpecDocument) => {
      const { connection, content, specId } = document;
      // Asked for when the spec is opened, since the mark rises with what is read.
      const lastRead = server.specs.get(specId).then(({ readVersion }) => readVersion ?? null);
      lastRead.catch(() => undefined); // whoever needs it tells
      const begin = async (choice: TintChoice): Promise<SpecAuthors | null> => {
        const { AuthorsBar, SittingLookup, SpecAuthors, tooltip } = await import('./parts');
        if (document.isDisposed) {
          return null;
        }
        const people = new KnownPeople(() => connection.state.users);
        const lookup = new SittingLookup(server.history, specId);
        const authors = new SpecAuthors({
          connection,
          view: content.editor,
          api: server.history,
          people,
          choice,
          memory,
          environment: browserEnvironment,
          lastRead: () => lastRead,
          tooltip: (version, byline) =>
            tooltip(version, byline, {
              people,
              trans,
              locale,
              sittingOf: at => lookup.of(at),
              open: ({ fromVersion, toVersion }) => openSitting(specId, toVersion, fromVersion)
            })
        });
        content.addWidget(new AuthorsBar({ authors, trans, locale }));
        return authors;
      };
      const one = new Tint({
        specId,
        memory,
        begin,
        failed: error =>
          unawaited(Promise.reject(error), trans.__('It can’t be shown who wrote this.'), trans)
      });
      known.set(document, one);
      const button = new CommandToolbarButton({
        commands,
        id: CommandIDs.whoWrote,
        args: { specId, isToolbar: true }
      });
      document.toolbar.insertBefore('spacer', 'who-wrote-this', button);
      one.changed.connect(() => commands.notifyCommandChanged(CommandIDs.whoWrote));
      document.disposed.connect(() => {
        known.delete(document);
        one.dispose();
      });
    };
    const of = ({ specId }: ReadonlyPartialJSONObject) => {
      const document =
        typeof specId === 'string'
          ? tracker.find(each => each.specId === specId)
          : tracker.currentWidget;
      return document ? known.get(document) : undefined;
    };
    commands.addCommand(CommandIDs.whoWrote, {
      label: ({ isToolbar }) => (isToolbar ? '' : trans.__('Show Who Wrote This')),
      caption: trans.__('Who wrote this: colour the text by author or by age'),
      icon: ({ isToolbar }) => (isToolbar ? authorsIcon : undefined),
      isEnabled: args => of(args) !== undefined,
      isToggleable: true,
      isToggled: args => of(args)?.choice.isOn ?? false,
      execute: args => {
        const one = of(args);
        const version = args['since'];
        const change: Partial<TintChoice> =
          typeof version === 'number'
            ? { isOn: true, since: { kind: 'version', version } }
            : { isOn: !one?.choice.isOn };
        one?.choose(change);
      }
    });
    tracker.forEach(add);
    tracker.widgetAdded.connect((_, document) => add(document));
    tracker.currentChanged.connect(() => commands.notifyCommandChanged(CommandIDs.whoWrote));
    palette?.addItem({ command: CommandIDs.whoWrote, category: trans.__('Specs') });
    menu?.viewMenu.addGroup([{ command: CommandIDs.whoWrote }], 31);
  }
};

export const authorsPlugins = [authors];
