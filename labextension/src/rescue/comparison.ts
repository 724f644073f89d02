import { diffInSteps, type Steps, Text } from '../text';

/** A part of a comparison: text that both or only one of the texts have, or a number of equal lines left out. */
export type Passage =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }
  | { readonly kind: 'omitted'; readonly lines: number };

/** Equal lines to show before and after a change. */
const CONTEXT = 2;

/** How `mine` differs from `present`, from top to bottom. Long texts take seconds, hence the steps. */
export function* compareTexts(present: string, mine: string): Steps<readonly Passage[]> {
  const base = Text.of(present);
  const { components } = yield* diffInSteps(present, mine);
  const passages: Passage[] = [];
  let done = 0;
  for (const component of components) {
    if (typeof component === 'string') {
      passages.push({ kind: 'added', text: component });
      continue;
    }
    const text = base.slice(done, done + Math.abs(component));
    passages.push({ kind: component < 0 ? 'removed' : 'same', text });
    done += Math.abs(component);
  }
  passages.push({ kind: 'same', text: base.slice(done, base.length) });
  return passages.flatMap((passage, index) =>
    passage.kind === 'same'
      ? shortened(passage.text, index > 0, index < passages.length - 1)
      : [passage]
  );
}

/** Equal text without the lines far from a change. */
function shortened(text: string, isAfter: boolean, isBefore: boolean): readonly Passage[] {
  const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? [];
  const head = isAfter ? CONTEXT + 1 : 0;
  const tail = isBefore ? CONTEXT + 1 : 0;
  const omitted = lines.length - head - tail;
  if (omitted <= 1) {
    return text ? [{ kind: 'same', text }] : [];
  }
  const parts: readonly Passage[] = [
    { kind: 'same', text: lines.slice(0, head).join('') },
    { kind: 'omitted', lines: omitted },
    { kind: 'same', text: lines.slice(head + omitted).join('') }
  ];
  return parts.filter(part => part.kind === 'omitted' || part.text !== '');
}
