import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { SpecError } from '../server/error';
import { errorSentence } from '../ui/errorSentence';

export interface ListActions {
  create(): void;
  importFile(): void;
}

interface Props {
  readonly trans: TranslationBundle;
  readonly actions: ListActions;
}

/** Shown while there are no specs. */
export function NoSpecs({ trans, actions }: Props): JSX.Element {
  return (
    <div className="jp-SpecList-empty">
      <p>
        {trans.__(
          'A spec is a Markdown text that several people write at once, live, beside their notebooks.'
        )}
      </p>
      <button className="jp-mod-styled jp-mod-accept" onClick={actions.create}>
        {trans.__('New spec')}
      </button>
      <button className="jp-mod-styled" onClick={actions.importFile}>
        {trans.__('Import Markdown…')}
      </button>
    </div>
  );
}

/** Shown if the filters leave nothing. */
export function NoneChosen({ trans }: { trans: TranslationBundle }): JSX.Element {
  return (
    <p className="jp-SpecList-empty">
      {trans.__('No spec is like that. Choose something else above, or “Show all”.')}
    </p>
  );
}

/** Shown if a search finds nothing. */
export function NothingFound({
  trans,
  query
}: {
  trans: TranslationBundle;
  query: string;
}): JSX.Element {
  return (
    <p className="jp-SpecList-empty">
      {trans.__(
        'No spec has “%1” in its title or text. Try fewer words, or only the beginning of one.',
        query
      )}
    </p>
  );
}

interface ErrorProps {
  readonly trans: TranslationBundle;
  readonly error: SpecError;
  refresh(): void;
}

/** Shown if the list could not be loaded; an earlier list stays below it. */
export function ListError({ trans, refresh, error }: ErrorProps): JSX.Element {
  return (
    <div className="jp-SpecList-error" role="alert">
      <p>{errorSentence(error, trans.__('The specs could not be loaded.'), trans)}</p>
      <button className="jp-mod-styled" onClick={refresh}>
        {trans.__('Try again')}
      </button>
    </div>
  );
}
