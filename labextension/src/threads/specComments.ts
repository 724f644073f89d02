import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { SpecDocument } from '../document/document';
import { browserEnvironment } from '../runtime';
import type { LinkTarget } from '../preview/links';
import type { PictureAddresses } from '../preview/pictures';
import type { SpecAccess } from '../server/collaborators';
import { logged } from '../ui/failure';
import { Bodies } from './card/bodies';
import type { CommentedSpec } from './commentedSpec';
import type { Composing } from './composing';
import { KnownPeople } from './knownPeople';
import { Margin } from './margin/margin';
import type { ThreadContext } from './threadContext';

export interface SpecCommentsOptions {
  readonly spec: CommentedSpec;
  readonly rendermime: IRenderMimeRegistry;
  readonly pictures: PictureAddresses;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
  access(): Promise<SpecAccess>;
  /** Whether the sidebar shows the comments of this spec. */
  isInSidebar(): boolean;
  /** Shows the comments of this spec in the sidebar. */
  showSidebar(): void;
  open(target: LinkTarget): void;
  copyLink(threadId: string): void;
  keysOf(command: string): string;
  say(sentence: string): void;
}

/** The comments of a spec as they are shown: what its cards and its list have in common, and the cards. */
export class SpecComments {
  readonly context: ThreadContext;
  readonly composing: Composing;
  readonly margin: Margin;
  private readonly bodies: Bodies;

  constructor(options: SpecCommentsOptions) {
    const { spec, rendermime, pictures, trans, locale } = options;
    const { threads, document, composing } = spec;
    const people = new KnownPeople({
      clock: browserEnvironment,
      threads,
      present: () => document.connection.state.users,
      access: () => options.access(),
      failed: logged
    });
    this.composing = composing;
    this.bodies = new Bodies({
      rendermime,
      pictures,
      trans,
      people,
      me: () => threads.me
    });
    this.context = {
      threads,
      bodies: this.bodies,
      trans,
      locale,
      people: () => people.all.filter(({ userId }) => userId !== threads.me),
      peopleChanged: people.changed,
      colourOf: userId => colourOf(document, userId),
      goTo: threadId => spec.goTo(threadId),
      leave: () => document.content.focusText(),
      open: target => options.open(target),
      copyLink: threadId => options.copyLink(threadId),
      keysOf: command => options.keysOf(command),
      say: sentence => options.say(sentence)
    };
    this.margin = new Margin({
      view: document.content.editor,
      context: this.context,
      composing,
      isInSidebar: () => options.isInSidebar(),
      showInSidebar: threadId => {
        threads.select(threadId);
        options.showSidebar();
      }
    });
  }

  dispose(): void {
    this.margin.dispose();
    this.bodies.dispose();
  }
}

function colourOf({ connection }: SpecDocument, userId: string): string | null {
  return connection.state.users.find(user => user.userId === userId)?.color ?? null;
}
