import { codePointCounter, isPairAt, type CodePointCounter } from './codePoints';
import { Budget, changesBetween } from './matching';
import { normalise, OperationBuilder, type Operation } from './operation';
import { finish, mapInSteps, type Steps } from './steps';
import type { Change } from './subsequence';
import { linesOf, wordsOf } from './tokens';

/**
 * The operation, in normal form, that turns `before` into `after`: small, and with its edges at the borders of
 * lines and words.
 *
 * Compares lines first, then words where lines differ, and then drops the characters that a changed passage
 * has in common at its beginning and end. Passages that are too long to compare are replaced as a whole, so
 * that two unrelated texts of 2,000,000 code points take two seconds at most. Never splits a surrogate pair.
 *
 * Law (`diff.test.ts`, "turns the old text into the new one"): `apply(diff(a, b), a) === b`. The server's `diff` gives the same
 * operation for the same texts (`vectors.test.ts`): sizes count code points in both, lines end at `\n` alone,
 * and `longestCommonSubsequence` makes the same choice among several of equal length.
 */
export function diff(before: string, after: string): Operation {
  return finish(diffInSteps(before, after));
}

/** The same operation, computed in steps. */
export function* diffInSteps(before: string, after: string): Steps<Operation> {
  const texts = new Texts(before, after);
  const result = new OperationBuilder();
  let done = 0;
  for (const { start, end, newStart, newEnd } of yield* changesOf(texts)) {
    result.retain(texts.countBefore(done, start));
    result.insert(after.slice(newStart, newEnd));
    result.delete(texts.countBefore(start, end));
    done = end;
  }
  return normalise(result.build());
}

/** The two texts of a comparison. Changes of them hold UTF-16 indices; their sizes count code points. */
class Texts {
  readonly countBefore: CodePointCounter;
  readonly countAfter: CodePointCounter;

  constructor(
    readonly before: string,
    readonly after: string
  ) {
    this.countBefore = codePointCounter(before);
    this.countAfter = codePointCounter(after);
  }

  /** The number of code points that `change` deletes. */
  deleted(change: Change): number {
    return this.countBefore(change.start, change.end);
  }

  /** The number of code points that `change` inserts. */
  inserted(change: Change): number {
    return this.countAfter(change.newStart, change.newEnd);
  }
}

/** The changes from left to right. */
function* changesOf(texts: Texts): Steps<Change[]> {
  const budget = new Budget();
  const byLines = yield* tokenChanges(texts, differingLines(texts), linesOf, budget);
  const changes: Change[] = [];
  for (const lines of merged(byLines, touch)) {
    yield;
    if (!budget.refine(texts.deleted(lines) + texts.inserted(lines))) {
      changes.push(trimmed(texts, lines));
      continue;
    }
    const byWords = yield* tokenChanges(texts, lines, wordsOf, budget);
    yield;
    for (const words of readable(texts, byWords)) {
      changes.push(trimmed(texts, words));
    }
  }
  return changes;
}

/** The changes between the tokens that `tokensOf` finds in both sides of `region`. */
function* tokenChanges(
  texts: Texts,
  region: Change,
  tokensOf: (text: string) => Steps<string[]>,
  budget: Budget
): Steps<Change[]> {
  const old = yield* tokensOf(texts.before.slice(region.start, region.end));
  const young = yield* tokensOf(texts.after.slice(region.newStart, region.newEnd));
  const numbers = new Map<string, number>();
  const numberOf = (token: string) => {
    const number = numbers.get(token) ?? numbers.size;
    numbers.set(token, number);
    return number;
  };
  const a = yield* mapInSteps(old, numberOf);
  const b = yield* mapInSteps(young, numberOf);
  const [index, newIndex] = [indicesOf(old, region.start), indicesOf(young, region.newStart)];
  return (yield* changesBetween(a, b, budget)).map(({ start, end, newStart, newEnd }) => ({
    start: index[start],
    end: index[end],
    newStart: newIndex[newStart],
    newEnd: newIndex[newEnd]
  }));
}

/** Where each token begins, the first one at `start`, and where the last one ends. */
function indicesOf(tokens: readonly string[], start: number): number[] {
  const indices = [start];
  for (const token of tokens) {
    indices.push(indices[indices.length - 1] + token.length);
  }
  return indices;
}

/** The region without the lines that both texts begin with and the lines that both end with. */
function differingLines(texts: Texts): Change {
  const [oldText, length] = [texts.before, texts.before.length];
  const whole = { start: 0, end: length, newStart: 0, newEnd: texts.after.length };
  const { start, end, newStart, newEnd } = trimmed(texts, whole);
  const before = start - (start ? oldText.lastIndexOf('\n', start - 1) + 1 : 0);
  const newline = oldText.indexOf('\n', end);
  const behind = (newline < 0 ? length : newline + 1) - end;
  return {
    start: start - before,
    end: end + behind,
    newStart: newStart - before,
    newEnd: newEnd + behind
  };
}

/** `change` without the common beginning of both sides, and then without their common end; pairs stay whole. */
function trimmed({ before: oldText, after: newText }: Texts, change: Change): Change {
  let { start, end, newStart, newEnd } = change;
  while (
    start < end &&
    newStart < newEnd &&
    oldText.charCodeAt(start) === newText.charCodeAt(newStart)
  ) {
    start++;
    newStart++;
  }
  if (start > change.start && (isPairAt(oldText, start - 1) || isPairAt(newText, newStart - 1))) {
    start--;
    newStart--;
  }
  const wholeEnd = end;
  while (
    end > start &&
    newEnd > newStart &&
    oldText.charCodeAt(end - 1) === newText.charCodeAt(newEnd - 1)
  ) {
    end--;
    newEnd--;
  }
  if (end < wholeEnd && (isPairAt(oldText, end - 1) || isPairAt(newText, newEnd - 1))) {
    end++;
    newEnd++;
  }
  return { start, end, newStart, newEnd };
}

/**
 * Merges changes that a reader takes for one: they touch, or little text lies between them
 * compared with what they change. Two unrelated passages share many words, and a list of the passages between
 * these words is of no use to a reader.
 */
function readable(texts: Texts, changes: readonly Change[]): Change[] {
  return merged(merged(changes, touch), (left, right) => readAsOne(texts, left, right));
}

/** `changes` with neighbours merged for as long as `belong` holds for them. */
function merged(
  changes: readonly Change[],
  belong: (left: Change, right: Change) => boolean
): Change[] {
  const result: Change[] = [];
  for (const change of changes) {
    let right = change;
    for (let left = result.pop(); left; left = result.pop()) {
      if (!belong(left, right)) {
        result.push(left);
        break;
      }
      right = { ...right, start: left.start, newStart: left.newStart };
    }
    result.push(right);
  }
  return result;
}

function touch(left: Change, right: Change): boolean {
  return left.end === right.start && left.newEnd === right.newStart;
}

/** Whether both together replace text by text, and the gap between them is short compared with each of them. */
function readAsOne(texts: Texts, left: Change, right: Change): boolean {
  const [deleted, nextDeleted] = [texts.deleted(left), texts.deleted(right)];
  const [inserted, nextInserted] = [texts.inserted(left), texts.inserted(right)];
  const shorter = Math.min(
    Math.max(deleted, inserted),
    Math.max(nextDeleted, nextInserted),
    deleted + nextDeleted,
    inserted + nextInserted
  );
  return 2 * texts.countBefore(left.end, right.start) <= shorter;
}
