import { codePointLength, type Component, normalise } from '../text';
import type { ShownDraft } from './draft';

/** What a draft deletes and inserts at one place, in code points of the shown text. */
export interface DraftPiece {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  /** How many code points of `insert` are before the caret; `null` if the caret is elsewhere. */
  readonly caret: number | null;
}

export interface DraftPieces {
  /** From left to right, at most one at a place. */
  readonly pieces: readonly DraftPiece[];
  /** Where the caret is in the shown text, also if it is in the text of a piece; `null` without a caret. */
  readonly head: number | null;
}

/**
 * What a draft changes in the shown text, piece by piece, and where its caret is.
 *
 * Law (`draftPieces.test.ts`): the pieces make of the shown text the text with the draft.
 */
export function piecesOf({ operation, selection }: ShownDraft): DraftPieces {
  const pieces: DraftPiece[] = [];
  const caret = selection?.head ?? null;
  let head: number | null = null;
  let [before, after] = [0, 0];
  for (const group of changesOf(normalise(operation).components)) {
    const { retained, deleted, insert } = group;
    if (caret !== null && caret < after + retained) {
      head ??= before + caret - after;
    }
    before += retained;
    after += retained;
    const length = codePointLength(insert);
    const isHere: boolean = caret !== null && head === null && caret <= after + length;
    head = isHere ? before : head;
    pieces.push({
      from: before,
      to: before + deleted,
      insert,
      caret: isHere && caret !== null ? caret - after : null
    });
    before += deleted;
    after += length;
  }
  return { pieces, head: caret === null ? null : (head ?? before + caret - after) };
}

interface Change {
  retained: number;
  deleted: number;
  insert: string;
}

/** Each place that changes, with what is retained before it. */
function changesOf(components: readonly Component[]): readonly Change[] {
  const changes: Change[] = [];
  let retained = 0;
  for (const component of components) {
    if (typeof component === 'number' && component > 0) {
      retained = component;
      continue;
    }
    if (retained > 0 || changes.length === 0) {
      changes.push({ retained, deleted: 0, insert: '' });
      retained = 0;
    }
    const change = changes[changes.length - 1];
    if (typeof component === 'string') {
      change.insert += component;
    } else {
      change.deleted -= component;
    }
  }
  return changes;
}
