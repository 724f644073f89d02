import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { titleOf } from '../markdown/title';
import { unawaited } from './failure';

/** The title of a text; `fallback` until it is known, and where the text says none. */
export function useTitle(text: string, fallback: string, trans: TranslationBundle): string {
  const [title, setTitle] = React.useState(fallback);
  React.useEffect(() => {
    let isShown = true;
    const found = titleOf(text, fallback).then(each => isShown && setTitle(each));
    unawaited(found, trans);
    return () => {
      isShown = false;
    };
  }, [text, fallback]);
  return title;
}
