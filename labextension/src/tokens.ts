import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { SpecServer } from './server/server';

/** The server that keeps the specs. */
export const ISpecServer = new Token<SpecServer>(
  'jupyter-speccollab:ISpecServer',
  'The server that keeps shared specs, and the live connections to it.'
);

export interface OpenOptions {
  /** Where in the main area, as the shell's `add` has it. */
  readonly mode?: 'split-right' | 'tab-after';
  /** The id of the widget that `mode` refers to; default the one that is in front. */
  readonly ref?: string;
  /** What to call it until the server has answered. */
  readonly title?: string;
}

/** The specs that are open in the main area. */
export interface ISpecDocuments {
  /** The spec that the user works in, or worked in last. */
  readonly current: string | null;
  readonly currentChanged: ISignal<ISpecDocuments, string | null>;
  /** Tells of an open spec in which the user's role is another one, or which ended. */
  readonly accessChanged: ISignal<ISpecDocuments, string>;
  /** Opens a spec, or brings it to the front; returns the id of its widget. */
  open(specId: string, options?: OpenOptions): string;
  /** Shows a spec's new title. */
  rename(specId: string, title: string): void;
}

export const ISpecDocuments = new Token<ISpecDocuments>(
  'jupyter-speccollab:ISpecDocuments',
  'The shared specs that are open in the main area.'
);
