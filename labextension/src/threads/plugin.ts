import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Clipboard, ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { SpecDocument } from '../document/document';
import { SpecDocuments } from '../document/documents';
import { takeTyped } from '../editor/typedSuggestions';
import { openTarget } from '../document/openTarget';
import { setBubbleActions } from '../editor/formatting';
import { goToId } from '../outline/goTo';
import { browserEnvironment } from '../runtime';
import type { SpecServer } from '../server/server';
import type { ThreadKind } from '../server/threads';
import { linkTo } from '../server/specLink';
import { ISpecDocuments, ISpecServer } from '../tokens';
import { CommandIDs } from '../ui/commandIds';
import { inBackground, unawaited } from '../ui/failure';
import { DOMAIN, localeOf } from '../ui/translation';
import { Announcements } from './announcements';
import { addThreadCommands } from './commands';
import type { CommentedSpec } from './commentedSpec';
import { CommentedSpecs } from './commentedSpecs';
import { countByHeading } from './headingCounts';
import { keysOf } from './keys';
import { markThreads } from './marking';
import { MentionNotes } from './mentionNotes';
import { OpenThreads } from './openThreads';
import { ThreadsPanel } from './panel';
import { bubbleActions } from './bubbleActions';
import { addPreviewBubble } from './previewBubble';
import { Suggesting } from './suggesting';
import { hasThread } from './threadOfAddress';
import { addButton } from './toolbarButton';

/** The commands whose state goes with the threads and the selected one. */
const FOLLOWING = [
  CommandIDs.showComments,
  CommandIDs.comment,
  CommandIDs.suggest,
  CommandIDs.resolveComment,
  CommandIDs.acceptSuggestion,
  CommandIDs.rejectSuggestion
];
/** Milliseconds for which it stays that a link was copied. */
const COPIED = 3_000;

const threads: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-speccollab:threads',
  description: 'Comments on specs, and suggestions: beside the text and in the right sidebar.',
  autoStart: true,
  requires: [ISpecServer, ISpecDocuments, IRenderMimeRegistry],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    server: SpecServer,
    documents: ISpecDocuments,
    rendermime: IRenderMimeRegistry,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ) => {
    if (!(documents instanceof SpecDocuments)) {
      return;
    }
    const { commands, shell } = app;
    const { tracker } = documents;
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const locale = localeOf(trans);
    const announcements = new Announcements();
    const say = (sentence: string) => announcements.say(sentence);
    const run = (id: string, args = {}) =>
      unawaited(
        commands.execute(id, args),
        trans.__('“%1” failed.', commands.label(id, args)),
        trans
      );
    const copyLink = ({ document: { specId } }: CommentedSpec, threadId: string) => {
      Clipboard.copyToSystem(linkTo(specId, threadId));
      const words = trans.__('Link copied. It opens this comment for those who may see the spec.');
      Notification.success(words, { autoClose: COPIED });
    };
    const notes = new MentionNotes({
      storage: window.localStorage,
      trans,
      now: () => Date.now(),
      show: (specId, threadId) => run(CommandIDs.showThread, { specId, threadId }),
      openSpec: (specId, title) => documents.open(specId, { title })
    });
    const open = new OpenThreads({
      api: server.threads,
      environment: browserEnvironment,
      storage: window.localStorage,
      claims: server.claims,
      server: server.address,
      trans
    });
    const showSidebar = () => shell.activateById(panel.id);
    const specs: CommentedSpecs = new CommentedSpecs({
      tracker,
      open,
      show: async spec => {
        const { SpecComments } = await import('./parts');
        const { specId } = spec.document;
        return new SpecComments({
          spec,
          rendermime,
          trans,
          locale,
          say,
          pictures: {
            attachment: id => server.attachments.addressOf(specId, id),
            file: path => URLExt.join(PageConfig.getBaseUrl(), 'files', URLExt.encodeParts(path))
          },
          access: () => server.collaborators.list(specId),
          isInSidebar: () => panel.isVisible && panel.spec === spec,
          showSidebar,
          open: target =>
            target.kind === 'heading'
              ? goToId(spec.document, target.heading)
              : openTarget(target, specId, { app, server, trans }),
          copyLink: threadId => copyLink(spec, threadId),
          keysOf: command => keysOf(commands, command)
        });
      },
      opened: spec => {
        const { document } = spec;
        addButton(document, commands);
        const begin = (kind: ThreadKind) =>
          run(kind === 'comment' ? CommandIDs.comment : CommandIDs.suggest);
        const { editor: view } = document.content;
        const { composing } = spec;
        const suggesting = new Suggesting({ view, composing, showCard: () => showCard(spec) });
        const keys = () => keysOf(commands, CommandIDs.comment);
        setBubbleActions(view, bubbleActions(spec, keys, trans, begin));
        const stops = [
          markThreads({ view, threads: spec.threads, composing, trans }),
          takeTyped(view, suggesting),
          countByHeading(view, spec.threads, trans),
          addPreviewBubble(document, trans, begin)
        ];
        return () => {
          stops.forEach(stop => stop());
          if (panel.spec === spec) {
            panel.spec = null;
          }
        };
      }
    });
    const panel: ThreadsPanel = new ThreadsPanel({
      commands,
      trans,
      makeView: async () => {
        const { CommentsView } = await import('./parts');
        return new CommentsView({
          trans,
          showSpecs: () => run(CommandIDs.showSpecs),
          comment: () => run(CommandIDs.comment)
        });
      },
      listed: spec => specs.shownOf(spec)
    });
    /** Beside the text where there is room, else in the sidebar. */
    const showCard = (spec: CommentedSpec) => {
      const shown = specs.shownOf(spec).then(({ margin }) => {
        const { selected } = spec.threads;
        if (!margin.hasCards || panel.isVisible) {
          showSidebar();
        } else if (spec.composing.current) {
          margin.focusOnNew();
        } else if (selected !== null) {
          margin.focusOn(selected);
        }
      });
      unawaited(shown, trans.__('The comment can’t be shown.'), trans);
    };
    addThreadCommands({
      commands,
      palette,
      trans,
      specOf: specId => specs.of(specId),
      find: async (specId, threadId) => {
        documents.open(specId);
        const spec = await specs.whenOpen(specId);
        const isThere = spec !== null && (await hasThread(spec.threads, threadId));
        return isThere && specs.of(specId) === spec ? spec : null;
      },
      showSidebar,
      showCard,
      copyLink,
      say
    });
    const notify = () => FOLLOWING.forEach(id => commands.notifyCommandChanged(id));
    server.mentions.changed.connect((_, count) => {
      if (!specs.of(count.specId)) {
        notes.heard(count);
      }
    });
    const follow = () => {
      const { currentWidget } = shell;
      if (currentWidget instanceof SpecDocument || panel.spec?.document.isDisposed) {
        panel.spec = specs.of();
      }
      notify();
    };
    // A spec is the current widget before its comments are known here.
    specs.changed.add(({ document, threads }) => {
      follow();
      notes.look(document.specId, document.title.label, threads);
    });
    shell.currentChanged?.connect(follow);
    tracker.currentChanged.connect(follow);
    panel.changed.connect(() => specs.measure());
    shell.add(panel, 'right', { rank: 640, type: 'Specs' });
    restorer?.add(panel, panel.id);
    inBackground(app.restored.then(follow));
  }
};

export const threadsPlugins = [threads];
