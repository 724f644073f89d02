import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { FRONT_MATTER } from '../markdown/writingStart';

/** The type of a spec in the output of a cell. `jupyter_speccollab/widget.py` writes it. */
export const SPEC_MIME_TYPE = 'application/vnd.jupyter-speccollab+json';

/** The type of a spec's text for programs that show no live spec. */
export const TEXT_MIME_TYPE = 'text/markdown';

/** The longest text that is kept in a notebook, in UTF-16 units: notebooks are loaded as a whole. */
export const LONGEST_TEXT = 200_000;

/** What an output says of its spec. */
export interface SpecBundle {
  /** The title or id that the cell has asked for. */
  readonly spec: string;
  /** The id; empty until a page has found the spec. */
  readonly specId: string;
  /** The id of the kernel's widget; empty if there is none. */
  readonly modelId: string;
  /** A CSS length; empty for the default. */
  readonly height: string;
}

/** Reads an output; what is not there, or is no text, is empty. */
export function readBundle(data: ReadonlyPartialJSONObject): SpecBundle {
  const bundle = data[SPEC_MIME_TYPE];
  const fields: ReadonlyPartialJSONObject =
    bundle !== null && typeof bundle === 'object' && !Array.isArray(bundle)
      ? (bundle as ReadonlyPartialJSONObject)
      : {};
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  return {
    spec: text('spec'),
    specId: text('specId'),
    modelId: text('modelId'),
    height: text('height')
  };
}

/** The text that was kept in an output; empty if there is none. */
export function keptText(data: ReadonlyPartialJSONObject): string {
  const text = data[TEXT_MIME_TYPE];
  return Array.isArray(text) ? text.join('') : typeof text === 'string' ? text : '';
}

/** A spec's text as a notebook keeps it: without front matter, which would be shown as a line and a heading. */
export function textToKeep(content: string): string {
  const body = content.replace(FRONT_MATTER, '').replace(/^\n+/, '');
  return body.length > LONGEST_TEXT ? `${body.slice(0, LONGEST_TEXT)}\n\n…\n` : body;
}
