import type { TranslationBundle } from '@jupyterlab/translation';

import type { LinkTarget } from '../preview/links';
import type { Bodies } from './card/bodies';
import type { KnownPeople } from './knownPeople';
import type { Mentionable } from './mentions';
import type { SpecThreads } from './specThreads';

/** What the cards and the list of a spec's threads work with. */
export interface ThreadContext {
  readonly threads: SpecThreads;
  readonly bodies: Bodies;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
  /** Whom one may mention: those who are known to see the spec, but the reader. */
  people(): readonly Mentionable[];
  /** Tells that {@link people} has others now. */
  readonly peopleChanged: KnownPeople['changed'];
  colourOf(userId: string): string | null;
  /** Shows a thread's passage in the text. */
  goTo(threadId: string): void;
  /** Gives the focus back to the text. */
  leave(): void;
  open(target: LinkTarget): void;
  copyLink(threadId: string): void;
  /** How the keys of a command are written; empty where it has none. */
  keysOf(command: string): string;
  /** Says something to screen readers. */
  say(sentence: string): void;
}
