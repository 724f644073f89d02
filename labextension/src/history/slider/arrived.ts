import { Attribution, codePointLength, type Text } from '../../text';
import { operationOf, type Step } from './step';

/** How many runs of letters are told at most: the last ones of the text. */
const MOST = 500;

/** Letters of a text that have just come, in code points. */
export interface ArrivedLetters {
  readonly from: number;
  readonly to: number;
  readonly userId: string;
}

/** What the last steps did to a text. */
export interface Arrived {
  readonly letters: readonly ArrivedLetters[];
  /** Where the last step changed the text, and who made it; `null` where it changed nothing. */
  readonly place: { readonly position: number; readonly userId: string } | null;
}

/**
 * What `steps` brought into `text`, the text after them.
 *
 * Law (`sliderParts.test.ts`): the letters are those that the steps inserted and that are still there.
 */
export function arrivedIn(text: Text, steps: readonly Step[]): Arrived {
  const growth = steps
    .flatMap(({ edits }) => edits)
    .reduce(
      (sum, [, removed, inserted]) => sum + codePointLength(inserted) - codePointLength(removed),
      0
    );
  let attribution = Attribution.of([[text.length - growth, -1]]);
  steps.forEach((step, index) => {
    attribution = attribution.apply(operationOf(step), index);
  });
  const letters: ArrivedLetters[] = [];
  let from = 0;
  for (const [length, index] of attribution.runs) {
    if (index >= 0) {
      letters.push({ from, to: from + length, userId: steps[index]!.userId });
    }
    from += length;
  }
  return { letters: letters.slice(-MOST), place: placeOf(steps.at(-1)) };
}

/** Behind what the leftmost edit inserted: all edits on its right are farther on. */
function placeOf(step: Step | undefined): Arrived['place'] {
  const edit = step?.edits.at(-1);
  return step && edit
    ? { position: edit[0] + codePointLength(edit[2]), userId: step.userId }
    : null;
}
