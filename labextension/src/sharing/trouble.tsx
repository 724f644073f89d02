import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Place, Sharing } from './sharing';
import { troubleSentence } from './words';

export interface TroubleProps {
  readonly sharing: Sharing;
  readonly place: Place;
  readonly trans: TranslationBundle;
  readonly id?: string;
  /** What else is wrong here. */
  readonly children?: React.ReactNode;
}

/** Why something was not done, beside what it was to be done to. */
export function Trouble({ sharing, place, trans, id, children }: TroubleProps): JSX.Element | null {
  const { trouble } = sharing.state;
  const sentence = trouble?.place === place ? troubleSentence(trouble.error, trans) : children;
  return sentence ? (
    <p id={id} className="jp-SpecShare-trouble" role="alert">
      {sentence}
    </p>
  ) : null;
}
