import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { FileSpecs } from './server/fileSpecs';
import type { SpecServer } from './server/server';

/** The server that stores the specs. */
export const ISpecServer = new Token<SpecServer>(
  'jupyter-speccollab:ISpecServer',
  'The server that keeps shared specs, and the live connections to it.'
);

/** Which spec belongs to a file or a notebook. */
export const IFileSpecs = new Token<FileSpecs>(
  'jupyter-speccollab:IFileSpecs',
  'Remembers which shared spec belongs to a file or a notebook of the workspace.'
);

/** A place in the text of a spec. */
export interface PlaceInText {
  /** Code points from the beginning. */
  readonly position: number;
  /** The word there begins as one of these does; the nearest is selected. */
  readonly words?: string;
}

export interface OpenOptions {
  /** Where in the main area to add the widget, as in the shell's `add`. */
  readonly mode?: 'split-right' | 'tab-after';
  /** The id of the widget that `mode` refers to; by default the current one. */
  readonly ref?: string;
  /** The title to show until the server has answered. */
  readonly title?: string;
  /** Where in the text to put the caret. */
  readonly at?: PlaceInText;
  /** The heading, requirement or task to go to, by its id in the outline. */
  readonly heading?: string;
}

/** The specs that are open in the main area. */
export interface ISpecDocuments {
  /** The id of the spec that has or last had the focus; `null` if none is open. */
  readonly current: string | null;
  readonly currentChanged: ISignal<ISpecDocuments, string | null>;
  /** Emits the id of an open spec when the user's role in it changes or its connection ends. */
  readonly accessChanged: ISignal<ISpecDocuments, string>;
  /** Opens a spec or activates its widget; returns the id of the widget. */
  open(specId: string, options?: OpenOptions): string;
  /** Connects the widget of an open spec again that was told it is gone: it may be back. */
  retry(specId: string): void;
  /** Shows a new title in the tab of an open spec. */
  rename(specId: string, title: string): void;
}

export const ISpecDocuments = new Token<ISpecDocuments>(
  'jupyter-speccollab:ISpecDocuments',
  'The shared specs that are open in the main area.'
);
