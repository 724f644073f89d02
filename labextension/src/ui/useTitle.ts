import * as React from 'react';

import { titleOf } from '../markdown/title';
import { inBackground } from './failure';

/** The title of a text; `fallback` until it is known, and where the text says none. */
export function useTitle(text: string, fallback: string): string {
  const [title, setTitle] = React.useState(fallback);
  React.useEffect(() => {
    let isShown = true;
    const found = titleOf(text, fallback).then(each => isShown && setTitle(each));
    inBackground(found);
    return () => {
      isShown = false;
    };
  }, [text, fallback]);
  return title;
}
