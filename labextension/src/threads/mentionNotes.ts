import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { MentionCount } from '../server/mentionCounts';
import { asRead } from './mentions';
import type { SmallStorage } from './messageDrafts';
import type { SpecThreads } from './specThreads';
import { shortened } from './words';

export interface MentionNotesOptions {
  readonly storage: SmallStorage;
  readonly trans: TranslationBundle;
  /** Milliseconds since 1970. */
  now(): number;
  show(specId: string, threadId: string): void;
  openSpec(specId: string, title: string): void;
}

const KEY = 'jupyter-speccollab:mentions-told';
/** How many mentions and specs are remembered. */
const MOST = 300;
/** Milliseconds for which a note of a mention stays that has just come; older ones are in the list of notes only. */
const SHOWN_FOR = 6_000;
const JUST_NOW = 60_000;

interface Told {
  /** The ids of messages. */
  readonly messages: readonly string[];
  /** By spec: how many mentions it had when that was told last. */
  readonly counts: Readonly<Record<string, number>>;
}

const NOTHING: Told = { messages: [], counts: {} };

/**
 * Tells the user once that somebody has mentioned them, in a notification of JupyterLab.
 *
 * Law (`mentionNotes.test.ts`): each message is told once, also after the page was loaded anew, and of a spec that is
 * not open each time that it has more mentions than were told.
 */
export class MentionNotes {
  constructor(private readonly options: MentionNotesOptions) {}

  /** The threads of an open spec may have mentions that were not told. */
  look(specId: string, title: string, threads: SpecThreads): void {
    const told = this.told;
    const news = threads.unreadMentions.flatMap(threadId => {
      const shown = threads.find(threadId);
      const message = shown?.thread.messages.findLast(
        ({ mentions, userId }) => mentions.includes(threads.me) && userId !== threads.me
      );
      return message && !told.messages.includes(message.messageId) ? { threadId, message } : [];
    });
    const count = threads.unreadMentions.length;
    if (news.length === 0 && (!threads.isReady || (told.counts[specId] ?? 0) === count)) {
      return;
    }
    this.keep({
      messages: [...told.messages, ...news.map(({ message }) => message.messageId)],
      counts: { ...told.counts, [specId]: count }
    });
    const { trans, now, show } = this.options;
    for (const { threadId, message } of news) {
      if (threadId !== threads.selected) {
        const isNew = now() - Date.parse(message.createdAt) < JUST_NOW;
        const words = shortened(asRead(message.body), 120);
        Notification.info(trans.__('%1 mentions you in “%2”: %3', message.userName, title, words), {
          autoClose: isNew ? SHOWN_FOR : 0,
          actions: [{ label: trans.__('Show'), callback: () => show(specId, threadId) }]
        });
      }
    }
  }

  /** The list of specs told of a spec that is not open. */
  heard({ specId, title, mentions }: MentionCount): void {
    const told = this.told;
    const before = told.counts[specId] ?? 0;
    if (mentions === before) {
      return;
    }
    this.keep({ ...told, counts: { ...told.counts, [specId]: mentions } });
    if (mentions > before) {
      const { trans, openSpec } = this.options;
      const more = mentions - before;
      Notification.info(
        trans._n('You are mentioned in “%2”.', 'You are mentioned %1 times in “%2”.', more, title),
        {
          autoClose: SHOWN_FOR,
          actions: [{ label: trans.__('Open'), callback: () => openSpec(specId, title) }]
        }
      );
    }
  }

  private get told(): Told {
    try {
      const kept = JSON.parse(this.options.storage.getItem(KEY) ?? 'null') as Partial<Told> | null;
      const messages = Array.isArray(kept?.messages) ? kept.messages : [];
      const counts = typeof kept?.counts === 'object' ? kept.counts : {};
      return { messages, counts: counts ?? {} };
    } catch {
      return NOTHING; // written by something else
    }
  }

  private keep({ messages, counts }: Told): void {
    const waiting = Object.entries(counts).filter(([, count]) => count > 0);
    const kept: Told = {
      messages: messages.slice(-MOST),
      counts: Object.fromEntries(waiting.slice(-MOST))
    };
    try {
      this.options.storage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // Denied or full: it may be told again after the page was loaded anew.
    }
  }
}
