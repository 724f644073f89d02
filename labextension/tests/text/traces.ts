/** Recorded editing sessions, and a server that orders the operations of two concurrent users. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { compose, EMPTY, normalise, Operation, Text, transform } from '../../src/text';

type Patch = [position: number, deleted: number, inserted: string];

export interface Trace {
  startContent: string;
  endContent: string;
  txns: { patches: Patch[] }[];
}

export interface ConcurrentTrace {
  endContent: string;
  numAgents: number;
  txns: { patches: Patch[]; parents: number[]; agent: number }[];
}

/** The trace of this name among the shared data. */
export function readTrace<T>(directory: string, name: string): T {
  const packed = readFileSync(`${directory}/traces/${name}.json.gz`);
  return JSON.parse(gunzipSync(packed).toString('utf8')) as T;
}

/** The patches of a transaction, which follow one another, as one operation. */
export function operationOf(patches: Patch[]): Operation {
  const operations = patches.map(([position, deleted, inserted]) =>
    Operation.of(position, inserted, -deleted)
  );
  return normalise(operations.reduce(compose, EMPTY));
}

/** The final text of a sequential trace. */
export function replay(trace: Trace): Text {
  let text = Text.of(trace.startContent);
  for (const { patches } of trace.txns) {
    text = text.apply(operationOf(patches));
  }
  return text;
}

/**
 * Commits concurrent transactions in the order of the file, as the server does. For each author it keeps the
 * committed operations of the others that the author had not seen yet, transformed over the author's own. An
 * incoming operation is transformed against each of them in turn, and each of them against it.
 */
class Sequencer {
  text = Text.of('');
  private readonly unseen: { number: number; operation: Operation }[][];

  constructor(authors: number) {
    this.unseen = Array.from({ length: authors }, () => []);
  }

  commit(number: number, author: number, seen: number, made: Operation): Operation {
    let operation = made;
    this.unseen[author] = this.unseen[author]
      .filter(entry => entry.number > seen)
      .map(entry => {
        const other = normalise(transform(entry.operation, operation, 'right'));
        operation = normalise(transform(operation, entry.operation, 'left'));
        return { number: entry.number, operation: other };
      });
    this.text = this.text.apply(operation);
    this.unseen.forEach(
      (entries, reader) => reader === author || entries.push({ number, operation })
    );
    return operation;
  }
}

/** The final text of a concurrent trace, and how many transactions had to be transformed. */
export function replayConcurrent({ txns, numAgents }: ConcurrentTrace): {
  text: Text;
  moved: number;
} {
  const sequencer = new Sequencer(numAgents);
  const seen: number[] = [];
  let moved = 0;
  txns.forEach(({ patches, parents, agent }, number) => {
    const known = parents.map(parent => (txns[parent].agent === agent ? seen[parent] : parent));
    seen.push(Math.max(-1, ...known));
    const operation = operationOf(patches);
    moved += sequencer.commit(number, agent, seen[number], operation).equals(operation) ? 0 : 1;
  });
  return { text: sequencer.text, moved };
}
