import type { Edit } from '../../server/operations';
import { codePointLength, type Operation, OperationBuilder, type Text } from '../../text';

/** What led to one version. The positions of its edits descend. */
export interface Step {
  readonly userId: string;
  /** When, in whole seconds since 1970. */
  readonly time: number;
  readonly edits: readonly Edit[];
}

/** The text after a step. */
export function forward(text: Text, { edits }: Step): Text {
  return edits.reduce(
    (next, [position, removed, inserted]) =>
      next.replace(position, position + codePointLength(removed), inserted),
    text
  );
}

/**
 * The text before a step.
 *
 * Law (`sliderSteps.test.ts`): `backward(forward(text, step), step)` is `text`.
 */
export function backward(text: Text, { edits }: Step): Text {
  // Those on the left come last in the list; taking them back first leaves the others where they are in the end.
  return edits.reduceRight(
    (before, [position, removed, inserted]) =>
      before.replace(position, position + codePointLength(inserted), removed),
    text
  );
}

/** A step as an operation. */
export function operationOf({ edits }: Step): Operation {
  return built(edits, ([, removed, inserted]) => [removed, inserted]);
}

/**
 * The operation that takes a step back.
 *
 * Law (`sliderSteps.test.ts`): it is the inverse of {@link operationOf}.
 */
export function inverseOf({ edits }: Step): Operation {
  return built(edits, ([, removed, inserted]) => [inserted, removed]);
}

function built(
  edits: readonly Edit[],
  partsOf: (edit: Edit) => readonly [removed: string, inserted: string]
): Operation {
  const operation = new OperationBuilder();
  let end = 0;
  for (const edit of [...edits].reverse()) {
    const [removed, inserted] = partsOf(edit);
    // What stays between two edits is as long before them as after them.
    operation.retain(edit[0] - end);
    operation.insert(inserted);
    operation.delete(codePointLength(removed));
    end = edit[0] + codePointLength(edit[1]);
  }
  return operation.build();
}
