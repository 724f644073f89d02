import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  Dialog,
  ICommandPalette,
  MainAreaWidget,
  Notification,
  showDialog,
  WidgetTracker
} from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';

import type { Rescue } from '../keeping';
import { fileNameOf } from '../markdown/fileName';
import { titleOf } from '../markdown/title';
import { SpecError } from '../server/error';
import type { SpecServer } from '../server/server';
import { ISpecDocuments, ISpecServer } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { inBackground } from '../ui/failure';
import { download } from '../ui/files';
import { specIcon } from '../ui/icons';
import { LateContent } from '../ui/lateContent';
import { DOMAIN } from '../ui/translation';
import { isWritingInSpec } from '../ui/writing';
import type { RescueActions } from './rescueCard';
import type { RescueView } from './rescueView';

const ID = 'jupyter-speccollab:rescued';

const rescue: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Shows edits of shared specs that could not be sent.',
  autoStart: true,
  requires: [ISpecServer, ISpecDocuments],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    documents: ISpecDocuments,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ) => {
    const language = translator ?? nullTranslator;
    const trans = language.load(DOMAIN);
    const { rescues } = server;
    const actions = actionsOf(server, documents, trans);
    const locale = language.languageCode.replace('_', '-');
    const tracker = new WidgetTracker<MainAreaWidget<LateContent<RescueView>>>({ namespace: ID });
    const show = (activate: boolean) => {
      if (!tracker.currentWidget) {
        const content = new LateContent({
          trans,
          failed: trans.__('The rescued edits can’t be shown.'),
          load: async () => {
            const { RescueView } = await import('./rescueView');
            rescues.refresh();
            return new RescueView({ rescues, actions, trans, locale });
          }
        });
        const widget = new MainAreaWidget({ content });
        widget.id = ID;
        widget.toolbar.hide();
        widget.title.label = trans.__('Rescued edits');
        widget.title.icon = specIcon;
        widget.title.closable = true;
        inBackground(tracker.add(widget));
        app.shell.add(widget, 'main', { activate, type: 'Spec' });
      } else if (activate) {
        app.shell.activateById(ID);
      }
    };
    app.commands.addCommand(CommandIDs.showRescued, {
      label: trans.__('Show Rescued Edits'),
      caption: trans.__('Edits that were made in this browser and could not be sent'),
      icon: specIcon,
      execute: () => show(true)
    });
    palette?.addItem({ command: CommandIDs.showRescued, category: trans.__('Specs') });
    const restored = restorer?.restore(tracker, {
      command: CommandIDs.showRescued,
      name: () => ID
    });
    inBackground(restored);
    rescues.onArrival(({ kept }) => {
      const isInWay = documents.current !== kept.specId || isWritingInSpec();
      show(!isInWay);
      if (isInWay) {
        announce(trans, () => show(true));
      }
    });
    rescues.refresh();
  }
};

function announce(trans: TranslationBundle, show: () => void): void {
  Notification.warning(trans.__('Some of your edits could not be sent. They are kept for you.'), {
    autoClose: false,
    actions: [{ label: trans.__('Show'), callback: show }]
  });
}

function actionsOf(
  server: SpecServer,
  documents: ISpecDocuments,
  trans: TranslationBundle
): RescueActions {
  const { specs, rescues } = server;
  const titleFor = ({ text }: Rescue) => titleOf(text, trans.__('Rescued edits'));
  return {
    async presentText(specId) {
      try {
        return (await specs.document(specId)).content;
      } catch (error) {
        if (!(error instanceof SpecError)) {
          throw error;
        }
        return null;
      }
    },
    saveFile: async each => download(each.text, fileNameOf(await titleFor(each))),
    async saveAsSpec(each) {
      const title = await titleFor(each);
      // With this id a second click finds the spec that the first one created.
      const entry = await specs.create({ title, content: each.text, specId: each.kept.owner });
      documents.open(entry.specId, { title: entry.title });
    },
    openSpec: specId => documents.open(specId),
    async discard(each) {
      const result = await showDialog({
        title: trans.__('Discard these edits of “%1”?', await titleFor(each)),
        body: trans.__('They are nowhere else. This can’t be undone.'),
        defaultButton: 0,
        buttons: [
          Dialog.cancelButton({ label: trans.__('Cancel') }),
          Dialog.warnButton({ label: trans.__('Discard') })
        ]
      });
      if (result.button.accept) {
        rescues.discard(each);
      }
    }
  };
}

export const rescuePlugins = [rescue];
