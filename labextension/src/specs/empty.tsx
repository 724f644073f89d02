import { PageConfig } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { SpecError } from '../server/error';

export interface ListActions {
  create(): void;
  importFile(): void;
  refresh(): void;
}

interface Props {
  readonly trans: TranslationBundle;
  readonly actions: ListActions;
}

/** What stands where there are no specs yet. */
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

/** What stands where a search found nothing. */
export function NothingFound({
  trans,
  query
}: {
  trans: TranslationBundle;
  query: string;
}): JSX.Element {
  return (
    <p className="jp-SpecList-empty">
      {trans.__('No spec matches “%1”. Try fewer letters of its title.', query)}
    </p>
  );
}

/** What stands where the list could not be had; a list from before stays below it. */
export function ListError({ trans, actions, error }: Props & { error: SpecError }): JSX.Element {
  return (
    <div className="jp-SpecList-error" role="alert">
      <p>{sentenceOf(error, trans)}</p>
      <button className="jp-mod-styled" onClick={actions.refresh}>
        {trans.__('Try again')}
      </button>
    </div>
  );
}

/** A sentence for a person, with what to do next. */
export function sentenceOf(error: SpecError, trans: TranslationBundle): string {
  switch (error.code) {
    case SpecError.UNREACHABLE:
      return trans.__(
        'The server can’t be reached. Check the network; the list comes back by itself.'
      );
    case SpecError.NO_EXTENSION:
      if (PageConfig.getOption('speccollabUrl')) {
        return trans.__(
          'This hub has no service for shared specs. Its admin finds how to add it in the guide of jupyter_speccollab, “On JupyterHub”.'
        );
      }
      return trans.__(
        'The server has no specs: its extension “jupyter_speccollab” is not enabled. Run “jupyter server extension list” there.'
      );
    case 'UNAUTHENTICATED':
    case 'TOKEN_EXPIRED':
      return trans.__('Your login has expired. Log in again in another tab, then try again.');
    default:
      return error.message;
  }
}
