import type { TranslationBundle } from '@jupyterlab/translation';
import { lockIcon, ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { mayComment, mayEdit } from '../protocol';
import type { SpecConnection } from '../session';
import { askToEdit } from '../ui/roleText';
import { useConnection } from '../ui/useConnection';

/**
 * Says in the line above the text that the user may only view it, or only comment.
 *
 * Law (`tests/e2e/test_told.py`): the text stays where it is when the user's role changes.
 */
export class ViewOnly extends ReactWidget {
  constructor(
    private readonly connection: SpecConnection,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-SpecViewOnly');
  }

  protected override render(): JSX.Element {
    return <Note connection={this.connection} trans={this.trans} />;
  }
}

interface Props {
  readonly connection: SpecConnection;
  readonly trans: TranslationBundle;
}

function Note({ connection, trans }: Props): JSX.Element | null {
  const { role } = useConnection(connection);
  if (role === null || mayEdit(role)) {
    return null;
  }
  const mayWriteBeside = mayComment(role);
  const advice = mayWriteBeside
    ? trans.__('Select words to comment on them, or to suggest others.')
    : askToEdit(trans);
  return (
    <span className="jp-SpecViewOnly-note" title={advice}>
      <lockIcon.react tag="span" aria-hidden="true" />
      {mayWriteBeside ? trans.__('Comment only') : trans.__('View only')}
      <span className="jp-Spec-heard">{advice}</span>
    </span>
  );
}
