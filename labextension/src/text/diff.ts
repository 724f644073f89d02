import { codePointLength, isPairAt } from './codePoints';
import { Budget, changesBetween, type Change } from './matching';
import { normalise, OperationBuilder, type Operation } from './operation';

const LINE = /[^\n]*\n|[^\n]+/g;
/** A word, a space of any width, or else one character, as in scripts that don't part words. */
const WORD = /(?:(?![\u2e80-\u{3ffff}])[\p{L}\p{M}\p{N}_])+|[^\S\n]+|[^]/gu;

/**
 * The operation, in normal form, that makes `newText` of `oldText`: small, and at the borders of lines and words.
 *
 * Compares lines first and then, where lines differ, words, of which the common beginning and end stay. What is
 * too much to compare is replaced as a whole, so that two unrelated texts of 2,000,000 code points take two
 * seconds at most. Never splits a surrogate pair.
 *
 * Law (`diff.test.ts`, "leads from old to new"): `apply(diff(a, b), a) === b`.
 */
export function diff(oldText: string, newText: string): Operation {
  const result = new OperationBuilder();
  let done = 0;
  for (const { start, end, newStart, newEnd } of changesOf(oldText, newText)) {
    result.retain(codePointLength(oldText.slice(done, start)));
    result.insert(newText.slice(newStart, newEnd));
    result.delete(codePointLength(oldText.slice(start, end)));
    done = end;
  }
  return normalise(result.build());
}

/** The changes as UTF-16 indices in both texts, from left to right. */
function* changesOf(oldText: string, newText: string): Generator<Change> {
  const budget = new Budget();
  for (const lines of lineChanges(oldText, newText, budget)) {
    if (!budget.refine(lines)) {
      yield trimmed(oldText, newText, lines);
      continue;
    }
    const before = oldText.slice(lines.start, lines.end);
    const after = newText.slice(lines.newStart, lines.newEnd);
    for (const words of readable(tokenChanges(before, after, WORD, budget))) {
      yield trimmed(oldText, newText, moved(words, lines));
    }
  }
}

function lineChanges(oldText: string, newText: string, budget: Budget): Change[] {
  const region = differingLines(oldText, newText);
  const before = oldText.slice(region.start, region.end);
  const after = newText.slice(region.newStart, region.newEnd);
  return merged(tokenChanges(before, after, LINE, budget), touch).map(change =>
    moved(change, region)
  );
}

/** The changes between the `token`s of two texts, as UTF-16 indices in them. */
function tokenChanges(before: string, after: string, token: RegExp, budget: Budget): Change[] {
  const [old, young] = [before.match(token) ?? [], after.match(token) ?? []];
  const numbers = new Map<string, number>();
  const numberOf = (text: string) => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const [a, b] = [old.map(numberOf), young.map(numberOf)];
  const [index, newIndex] = [indicesOf(old), indicesOf(young)];
  return changesBetween(a, b, budget).map(({ start, end, newStart, newEnd }) => ({
    start: index[start],
    end: index[end],
    newStart: newIndex[newStart],
    newEnd: newIndex[newEnd]
  }));
}

/** Where each token begins, and where the last one ends. */
function indicesOf(tokens: readonly string[]): number[] {
  const indices = [0];
  for (const token of tokens) {
    indices.push(indices[indices.length - 1] + token.length);
  }
  return indices;
}

/** All but the lines that both begin with and the lines that both end with. */
function differingLines(oldText: string, newText: string): Change {
  const [length, newLength] = [oldText.length, newText.length];
  const whole = { start: 0, end: length, newStart: 0, newEnd: newLength };
  const { start, end, newStart, newEnd } = trimmed(oldText, newText, whole);
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

/** `change` without what both sides begin with, and without what both then end with. */
function trimmed(oldText: string, newText: string, change: Change): Change {
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

function moved(change: Change, by: Change): Change {
  return {
    start: change.start + by.start,
    end: change.end + by.start,
    newStart: change.newStart + by.newStart,
    newEnd: change.newEnd + by.newStart
  };
}

/**
 * Changes with little between them, compared with what they change themselves, as one. Two unrelated passages
 * have many words in common; nobody wants to read what happened to them one by one.
 */
function readable(changes: Change[]): Change[] {
  return merged(merged(changes, touch), readAsOne);
}

/** `changes` with neighbours put together for as long as `belong` says so. */
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

/** Whether both together replace text by text, and the gap between them is short beside each of them. */
function readAsOne(left: Change, right: Change): boolean {
  const [deleted, nextDeleted] = [left.end - left.start, right.end - right.start];
  const [inserted, nextInserted] = [left.newEnd - left.newStart, right.newEnd - right.newStart];
  const shorter = Math.min(
    Math.max(deleted, inserted),
    Math.max(nextDeleted, nextInserted),
    deleted + nextDeleted,
    inserted + nextInserted
  );
  return 2 * (right.start - left.end) <= shorter;
}
