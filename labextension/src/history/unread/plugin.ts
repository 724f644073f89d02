import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import type { Title, Widget } from '@lumino/widgets';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { SpecDocument } from '../../document/document';
import { SpecDocuments } from '../../document/documents';
import { type EditorWidgetFactory, IEditorWidgetFactory } from '../../document/editorWidgetFactory';
import type { SpecEditorWidget } from '../../document/editorWidget';
import { setSectionNote } from '../../editor/sectionNote';
import { browserEnvironment } from '../../runtime';
import { ISpecDocuments } from '../../tokens';
import { CommandIDs } from '../../ui/commandIds';
import { logged, unawaited } from '../../ui/failure';
import { DOMAIN, localeOf } from '../../ui/translation';
import { Activity } from './activity';
import { addUnreadCommands } from './commands';
import { NewsLine } from './newsLine';
import { Reader } from './reader';
import { SectionNotes } from './sectionNotes';
import { Visits } from './visits';

/** The messages of a widget that is shown, hidden, or made larger or smaller. */
const SHOWING: readonly string[] = ['after-show', 'after-hide', 'resize'];
/** The class of the tab of a spec with changes that were not on the screen. */
const UNSEEN = 'jp-mod-unseen';

const unread: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:unread',
  description: 'What others changed in specs since one was there last: marked until it was seen.',
  autoStart: true,
  requires: [IEditorWidgetFactory, ISpecDocuments],
  optional: [ITranslator, ICommandPalette],
  activate: (
    { commands }: JupyterFrontEnd,
    factory: EditorWidgetFactory,
    documents: ISpecDocuments,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const locale = localeOf(trans);
    const { server } = factory;
    const activity = new Activity(browserEnvironment);
    const visits = new Visits({
      specs: server.specs,
      history: server.history,
      marks: server.readMarks,
      environment: browserEnvironment,
      failed: logged
    });
    const sections = new SectionNotes({
      marks: server.readMarks,
      specs: server.specs,
      trans,
      locale
    });
    const readers = new WeakMap<SpecEditorWidget, Reader>();
    const read = (spec: SpecEditorWidget) => {
      const { connection } = spec;
      const visit = visits.begin(connection);
      const reader = new Reader({ spec, visit, activity, trans, locale });
      readers.set(spec, reader);
      MessageLoop.installMessageHook(spec, (_, { type }) => {
        if (SHOWING.includes(type) && !reader.isDisposed) {
          reader.shownOrHidden();
        }
        return true;
      });
      setSectionNote(spec.editor, ({ id }) => sections.sentenceOf(id, connection));
      spec.disposed.connect(() => {
        reader.dispose();
        visits.end(connection);
      });
    };
    factory.created.connect((_, spec) => read(spec));
    if (!(documents instanceof SpecDocuments)) {
      return;
    }
    const { tracker } = documents;
    const keyOf = (id: string) => {
      const binding = commands.keyBindings.find(({ command }) => command === id);
      return binding ? CommandRegistry.formatKeystroke(binding.keys) : '';
    };
    const comparison = ({ specId, content }: SpecDocument) => {
      const from = readers.get(content)?.news?.from;
      if (from === undefined || !commands.hasCommand(CommandIDs.compareVersions)) {
        return null;
      }
      const args: ReadonlyPartialJSONObject = { specId, version: from, with: 'now' };
      return () =>
        unawaited(
          commands.execute(CommandIDs.compareVersions, args),
          trans.__('The changes could not be shown.'),
          trans
        );
    };
    const addLine = (widget: SpecDocument) => {
      const reader = readers.get(widget.content);
      if (reader) {
        const line = new NewsLine({
          reader,
          trans,
          locale,
          compare: () => comparison(widget),
          keys: () => [keyOf(CommandIDs.nextChange), keyOf(CommandIDs.previousChange)]
        });
        widget.content.head.addWidget(line);
        const mark = () => markTab(widget.title, reader.hasUnseen);
        widget.disposed.connect(reader.onUnseen(mark));
        mark();
      }
    };
    tracker.forEach(addLine);
    tracker.widgetAdded.connect((_, widget) => addLine(widget));
    sections.follow(document.body, node => {
      const isContents = node.closest('.jp-TableOfContents') !== null;
      const widget = isContents
        ? tracker.currentWidget
        : tracker.find(each => each.node.contains(node));
      return widget?.connection ?? null;
    });
    addUnreadCommands({
      commands,
      palette,
      trans,
      current: () => {
        const { currentWidget } = tracker;
        return currentWidget ? (readers.get(currentWidget.content) ?? null) : null;
      },
      compare: () => (tracker.currentWidget ? comparison(tracker.currentWidget) : null)
    });
  }
};

/** JupyterLab has classes of its own there. */
function markTab(title: Title<Widget>, isUnseen: boolean): void {
  const others = title.className.split(' ').filter(name => name && name !== UNSEEN);
  title.className = (isUnseen ? [...others, UNSEEN] : others).join(' ');
}

export const unreadPlugins = [unread];
