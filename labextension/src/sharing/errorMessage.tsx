import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Place, Sharing } from './sharing';
import { failureSentence } from './sentences';

export interface ErrorMessageProps {
  readonly sharing: Sharing;
  readonly place: Place;
  readonly trans: TranslationBundle;
  readonly id?: string;
  /** Shown if there is no error here. */
  readonly children?: React.ReactNode;
}

/** Why a change failed, shown beside the entry or form that it belongs to. */
export function ErrorMessage({
  sharing,
  place,
  trans,
  id,
  children
}: ErrorMessageProps): JSX.Element | null {
  const { failure } = sharing.state;
  const sentence = failure?.place === place ? failureSentence(failure.error, trans) : children;
  return sentence ? (
    <p id={id} className="jp-SpecShare-trouble" role="alert">
      {sentence}
    </p>
  ) : null;
}
