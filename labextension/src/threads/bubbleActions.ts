import type { TranslationBundle } from '@jupyterlab/translation';

import type { MoreActions } from '../editor/formatting';
import type { ThreadKind } from '../server/threads';
import type { CommentedSpec } from './commentedSpec';
import { withKeys } from './keys';

/** Pictures of 16 by 16: a bubble with words, and a pencil. */
const COMMENT =
  'M2 2h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H8.500L5 14v-3H2a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zM2.300 3.300v6.400h4v1.500l2-1.500h5.400V3.300zM4 5h8v1.200H4zM4 7.200h5v1.200H4z';
const SUGGEST =
  'M10.500 2.200a1.200 1.200 0 0 1 1.700 0l1.600 1.600a1.200 1.200 0 0 1 0 1.700l-7.600 7.600L2.500 13.800l.700-3.700zM4.400 10.700l-.300 1.500 1.500-.300 5.200-5.200-1.200-1.200zM9 12.800h5V14H9z';

/** What the toolbar at a selection offers to whom may comment: “Comment · Suggest”. `keys` tells those for a comment, which may change. */
export function bubbleActions(
  spec: CommentedSpec,
  keys: () => string,
  trans: TranslationBundle,
  begin: (kind: ThreadKind) => void
): MoreActions {
  const action = (path: string, kind: ThreadKind, label: () => string) => ({
    get label() {
      return label();
    },
    sign: { path },
    isLeaving: true,
    run: () => {
      begin(kind);
      return true;
    }
  });
  return {
    isPossible: () => spec.mayComment,
    actions: [
      action(COMMENT, 'comment', () => withKeys(trans.__('Comment'), keys(), trans)),
      action(SUGGEST, 'suggestion', () => trans.__('Suggest a change'))
    ]
  };
}
