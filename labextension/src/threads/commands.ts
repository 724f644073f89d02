import { Notification, type ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { ThreadKind } from '../server/threads';
import { CommandIDs } from '../ui/commandIds';
import type { CommentedSpec } from './commentedSpec';
import { commentIcon, suggestionIcon } from './icons';
import { rightsIn, type ThreadRights } from './rights';
import { neighbour } from './sidebar/filters';
import { LONGEST_BODY, type ShownThread } from './specThreads';
import { setState, type ThreadDeed } from './threadActions';
import { asRead } from './mentions';
import { shortened, threadLabel } from './words';

/** Milliseconds for which a hint stays. */
const HINT = 5_000;

export interface ThreadCommandServices {
  readonly commands: CommandRegistry;
  readonly palette: ICommandPalette | null;
  readonly trans: TranslationBundle;
  /** The spec that has or last had the focus, or the one with this id. */
  specOf(specId?: string): CommentedSpec | null;
  /** Opens a spec and finds a thread in it; `null` if there is none, or the spec was closed meanwhile. */
  find(specId: string, threadId: string): Promise<CommentedSpec | null>;
  /** Shows the comments of a spec in the sidebar. */
  showSidebar(): void;
  /** Shows the card of the selected thread or of the new one, with the focus in it. */
  showCard(spec: CommentedSpec): void;
  copyLink(spec: CommentedSpec, threadId: string): void;
  say(sentence: string): void;
}

/** Adds the commands about comments and suggestions in the current spec. */
export function addThreadCommands(services: ThreadCommandServices): void {
  const { palette, trans } = services;
  addBeginning(services);
  addGoing(services);
  addDeciding(services);
  const category = trans.__('Specs');
  for (const command of [
    CommandIDs.comment,
    CommandIDs.suggest,
    CommandIDs.showComments,
    CommandIDs.nextComment,
    CommandIDs.previousComment,
    CommandIDs.replyToComment,
    CommandIDs.resolveComment,
    CommandIDs.acceptSuggestion,
    CommandIDs.rejectSuggestion,
    CommandIDs.copyCommentLink
  ]) {
    palette?.addItem({ command, category });
  }
}

function addBeginning(services: ThreadCommandServices): void {
  const { commands, trans, specOf, showCard } = services;
  const add = (id: string, kind: ThreadKind, options: Partial<CommandRegistry.ICommandOptions>) =>
    commands.addCommand(id, {
      ...options,
      isEnabled: () => specOf()?.mayComment ?? false,
      execute: () => {
        const spec = specOf();
        const existing = kind === 'comment' && spec && !spec.hasSelection ? spec.atFocus : null;
        if (spec && existing) {
          spec.threads.select(existing.thread.threadId);
          showCard(spec);
        } else if (kind === 'suggestion' && spec?.isSelectionTooLong) {
          const words = trans.__(
            'Select fewer words: a suggestion has up to %1 characters.',
            LONGEST_BODY
          );
          Notification.info(words, { autoClose: HINT });
        } else if (spec?.begin(kind)) {
          showCard(spec);
        } else if (spec) {
          Notification.info(trans.__('Select the words first that you want to write about.'), {
            autoClose: HINT
          });
        }
      }
    });
  add(CommandIDs.comment, 'comment', {
    label: trans.__('Comment'),
    caption: trans.__('Comment on the selected words'),
    icon: commentIcon
  });
  add(CommandIDs.suggest, 'suggestion', {
    label: trans.__('Suggest a Change'),
    caption: trans.__('Suggest other words for the selected ones'),
    icon: suggestionIcon
  });
}

function addGoing(services: ThreadCommandServices): void {
  const { commands, trans, specOf, say } = services;
  commands.addCommand(CommandIDs.showComments, {
    label: args => (args['isToolbar'] ? countLabel(specOf(specIn(args))) : trans.__('Comments')),
    caption: trans.__('Comments and suggestions on the spec'),
    icon: commentIcon,
    isEnabled: () => specOf() !== null,
    execute: () => services.showSidebar()
  });
  commands.addCommand(CommandIDs.showThread, {
    label: trans.__('Show a Comment'),
    execute: async args => {
      const [specId, threadId] = [specIn(args), args['threadId']];
      if (specId === undefined || typeof threadId !== 'string') {
        return;
      }
      const spec = await services.find(specId, threadId);
      if (spec) {
        spec.threads.select(threadId);
        spec.goTo(threadId);
        services.showCard(spec);
      } else if (specOf(specId)) {
        Notification.info(
          trans.__('This comment was deleted. The other comments are in the sidebar.'),
          { autoClose: HINT }
        );
      }
    }
  });
  const addStep = (id: string, label: string, direction: 1 | -1) =>
    commands.addCommand(id, {
      label,
      isEnabled: () => specOf() !== null,
      execute: () => {
        const spec = specOf();
        const next = spec && neighbour(spec.threads.all, spec.threads.selected, direction);
        if (spec && next) {
          spec.moveTo(next.thread.threadId);
          say(labelOf(spec, next));
        } else {
          say(trans.__('No open comments'));
        }
      }
    });
  addStep(CommandIDs.nextComment, trans.__('Next Comment'), 1);
  addStep(CommandIDs.previousComment, trans.__('Previous Comment'), -1);

  function labelOf({ threads }: CommentedSpec, shown: ShownThread): string {
    const { threadId, messages } = shown.thread;
    const isAwaiting = threads.unreadMentions.includes(threadId);
    return `${threadLabel(shown, isAwaiting, trans)}: ${shortened(asRead(messages[0]?.body ?? ''), 200)}`;
  }
}

function addDeciding(services: ThreadCommandServices): void {
  const { commands, trans, specOf, say, showCard } = services;
  const add = (
    id: string,
    label: string,
    isAllowed: (rights: ThreadRights) => boolean,
    run: (spec: CommentedSpec, shown: ShownThread) => unknown
  ) => {
    const target = () => {
      const spec = specOf();
      const shown = spec?.current;
      const isMeant =
        spec && shown && isAllowed(rightsIn(shown.thread, spec.threads.role, spec.threads.me));
      return isMeant ? { spec, shown } : null;
    };
    commands.addCommand(id, {
      label,
      isEnabled: () => target() !== null,
      execute: () => {
        const found = target();
        return found ? run(found.spec, found.shown) : undefined;
      }
    });
  };
  const decide = (deed: ThreadDeed) => async (spec: CommentedSpec, shown: ShownThread) => {
    const { threads } = spec;
    const suggestions = threads.all.filter(({ thread }) => thread.kind === 'suggestion');
    const next =
      shown.thread.kind === 'suggestion' ? neighbour(suggestions, shown.thread.threadId, 1) : null;
    const isDone = await setState({ threads, trans, say }, shown, deed);
    if (isDone && next && next.thread.threadId !== shown.thread.threadId) {
      spec.moveTo(next.thread.threadId);
    }
  };
  add(
    CommandIDs.replyToComment,
    trans.__('Reply to Comment'),
    ({ mayReply }) => mayReply,
    (spec, { thread }) => {
      spec.threads.select(thread.threadId);
      showCard(spec);
    }
  );
  add(
    CommandIDs.resolveComment,
    trans.__('Resolve Comment'),
    ({ mayResolve }) => mayResolve,
    decide('resolved')
  );
  add(
    CommandIDs.acceptSuggestion,
    trans.__('Accept Suggestion'),
    ({ mayAccept }) => mayAccept,
    decide('accepted')
  );
  add(
    CommandIDs.rejectSuggestion,
    trans.__('Reject Suggestion'),
    ({ mayReject }) => mayReject,
    decide('rejected')
  );
  add(
    CommandIDs.copyCommentLink,
    trans.__('Copy Link to Comment'),
    () => true,
    (spec, { thread }) => services.copyLink(spec, thread.threadId)
  );
}

/** How many comments are open, for the button above the text. */
function countLabel(spec: CommentedSpec | null): string {
  const open = spec?.threads.all.filter(({ thread }) => thread.state === 'open').length ?? 0;
  return open > 0 ? String(open) : '';
}

function specIn(args: ReadonlyPartialJSONObject): string | undefined {
  const { specId } = args;
  return typeof specId === 'string' ? specId : undefined;
}
