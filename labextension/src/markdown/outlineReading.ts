import { finish, type Steps } from '../text';
import { type ChunkEntries, type ChunkEntry, NameReader } from './chunkEntries';
import { type Findings, findingsIn } from './findings';
import { type Numbers, Numbering, renumbered } from './numbering';
import { Outline, Structure } from './outline';
import type { Chunk, ParsedText } from './parsedText';
import { sameEnds } from './sameEnds';

/**
 * Reads the outline of a text. Of a text that has changed only the chunks that are new are read.
 *
 * Law (`outline.test.ts`, "the server's parser finds the same"): the server finds the same.
 */
export function* outlineInSteps(text: ParsedText): Steps<Outline> {
  const known = outlines.get(text);
  if (known) {
    return known;
  }
  const findings: Findings[] = [];
  for (const [index, chunk] of text.chunks.entries()) {
    let own = read.get(chunk);
    if (!own) {
      const from = text.starts[index];
      own = findingsIn(chunk, text.doc.sliceString(from, from + chunk.length));
      read.set(chunk, own);
      yield;
    }
    findings.push(own);
  }
  const last = latest.get(text.origin);
  const reader = readerFor(findings, last);
  const entries: ChunkEntries[] = [];
  for (const each of findings) {
    if (!reader.knows(each)) {
      yield;
    }
    entries.push(reader.entriesOf(each));
  }
  const reading = { reader, findings, entries, ...(yield* numbered(entries, last)) };
  const outline = new Outline(text, entries, reading.numbers, reading.structure);
  latest.set(text.origin, reading);
  outlines.set(text, outline);
  return outline;
}

/** The outline of a text, read at once. */
export function outlineOf(text: ParsedText): Outline {
  return finish(outlineInSteps(text));
}

/** What was read of a text the last time. */
interface Reading {
  readonly reader: NameReader;
  readonly findings: readonly Findings[];
  readonly entries: readonly ChunkEntries[];
  readonly numbers: readonly Numbers[];
  readonly structure: Structure;
}

/** After the numbers of so many chunks it rests. */
const STEP = 10;

const outlines = new WeakMap<ParsedText, Outline>();
const read = new WeakMap<Chunk, Findings>();
/** By the origin of a text. */
const latest = new WeakMap<object, Reading>();

/** The reader of the last time if the text has the same link definitions. */
function readerFor(findings: readonly Findings[], last: Reading | undefined): NameReader {
  const labels = findings.map(each => each.labels).filter(({ length }) => length > 0);
  const before = last?.reader.labels ?? [];
  const isSame =
    labels.length === before.length &&
    labels.every((each, index) => each === before[index] || hasSame(each, before[index]));
  return last && isSame ? last.reader : new NameReader(labels);
}

function hasSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

/** The numbers of the entries, and their structure. What is at both ends as it was the last time is not looked at. */
function* numbered(
  entries: readonly ChunkEntries[],
  last: Reading | undefined
): Steps<Pick<Reading, 'numbers' | 'structure'>> {
  if (last) {
    const before = last.entries;
    const { start, end } = sameEnds(before, entries);
    const [old, now] = [
      before.slice(start, before.length - end),
      entries.slice(start, entries.length - end)
    ];
    const numbers = last.numbers.slice(start, before.length - end);
    const found = renumbered(old, numbers, now);
    if (found) {
      return {
        numbers: [
          ...last.numbers.slice(0, start),
          ...found,
          ...last.numbers.slice(before.length - end)
        ],
        structure: isSame(old, now) ? last.structure : new Structure()
      };
    }
  }
  const numbering = new Numbering();
  const numbers: Numbers[] = [];
  for (const each of entries) {
    numbers.push(numbering.number(each));
    if (numbers.length % STEP === 0) {
      yield;
    }
  }
  return { numbers, structure: new Structure() };
}

/** Whether the entries differ in their places alone. */
function isSame(before: readonly ChunkEntries[], after: readonly ChunkEntries[]): boolean {
  const old = before.flatMap(({ entries }) => entries);
  const now = after.flatMap(({ entries }) => entries);
  return old.length === now.length && old.every((entry, index) => isAlike(entry, now[index]));
}

function isAlike({ found, called }: ChunkEntry, other: ChunkEntry): boolean {
  return (
    found.level === other.found.level &&
    called.title === other.called.title &&
    called.name === other.called.name &&
    found.box?.isDone === other.found.box?.isDone
  );
}
