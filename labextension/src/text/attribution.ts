/**
 * Attribution: which version inserted each code point of a text.
 *
 * The text is covered by _runs_ of a length and the version that inserted these code points; neighbours have
 * different versions:
 *
 *     The slow fox          [4, 1] [4, 8] [4, 1]
 *
 * Runs are kept in chunks, so that an operation copies the runs near what it touches, and only passes on the other
 * chunks. The same design, under the same names, as the server's `jupyter_speccollab/text/attribution.py`.
 */
import { codePointLength } from './codePoints';
import { InvalidOperation } from './errors';
import type { Operation } from './operation';

/** A number of code points, and the version that inserted them. */
export type Run = readonly [length: number, version: number];

/** The usual number of runs in a chunk. No chunk has more than twice as many. */
export const CHUNK = 512;

/** A chunk with fewer runs than this is joined with the next one. */
export const SMALL = 64;

/** Some runs, and the sum of their lengths. Never changed once made. */
export interface Chunk {
  readonly runs: readonly Run[];
  readonly length: number;
}

/**
 * Who inserted which code point of a text, by version. Immutable.
 *
 * Laws (`attribution.test.ts`): the lengths of the runs add up to the length of the text; neighbours differ in
 * version; applying operations gives the same as noting the version at each code point one by one.
 */
export class Attribution {
  private constructor(readonly chunks: readonly Chunk[]) {}

  /** The attribution of the empty text. */
  static readonly NONE = new Attribution([]);

  /** The attribution with these runs; equal neighbours are joined, empty runs left out. */
  static of(runs: Iterable<Run>): Attribution {
    const builder = new Builder();
    for (const [length, version] of runs) {
      builder.add(length, version);
    }
    return new Attribution(builder.build());
  }

  /** The length of the text in code points. */
  get length(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** All runs, from left to right. */
  get runs(): Run[] {
    return this.chunks.flatMap(chunk => chunk.runs);
  }

  /**
   * The runs that the range from `start` to `end` consists of, with their parts in it. The cost is that of the
   * range, and of passing the chunks before it.
   */
  within(start: number, end: number): Run[] {
    const builder = new Builder();
    const reader = new Reader(this.chunks);
    const last = Math.min(end, this.length);
    if (start < last) {
      reader.read(start, null);
      reader.read(last - start, builder);
    }
    return builder.build().flatMap(chunk => chunk.runs);
  }

  /**
   * The attribution after `operation`, which made `version`. Throws `InvalidOperation` if the text has fewer than
   * `operation.baseLength` code points.
   */
  apply(operation: Operation, version: number): Attribution {
    const builder = new Builder();
    const reader = new Reader(this.chunks);
    for (const component of operation.components) {
      if (typeof component === 'string') {
        builder.add(codePointLength(component), version);
      } else {
        reader.read(Math.abs(component), component > 0 ? builder : null);
      }
    }
    reader.readRest(builder);
    return new Attribution(builder.build());
  }
}

/** Reads chunks once from left to right, as whole ones or run by run. */
class Reader {
  private index = 0;
  /** How many code points of the current chunk are read, and in which run of it the next one is. */
  private offset = 0;
  private run = 0;
  /** How many code points of that run are read. */
  private inRun = 0;

  constructor(private readonly chunks: readonly Chunk[]) {}

  /** Reads `length` code points, into a builder or nowhere. */
  read(length: number, into: Builder | null): void {
    for (let left = length; left > 0;) {
      const chunk = this.chunks[this.index];
      if (!chunk) {
        throw new InvalidOperation(`The operation reaches ${left} code points beyond the text.`);
      }
      const taken = Math.min(left, chunk.length - this.offset);
      if (taken === chunk.length) {
        into?.chunk(chunk);
      } else {
        this.piece(chunk, taken, into);
      }
      left -= taken;
      this.offset += taken;
      if (this.offset === chunk.length) {
        this.index++;
        this.offset = this.run = this.inRun = 0;
      }
    }
  }

  /** Reads all that is left. */
  readRest(into: Builder): void {
    if (this.offset) {
      this.read(this.chunks[this.index].length - this.offset, into);
    }
    into.all(this.chunks.slice(this.index));
  }

  private piece(chunk: Chunk, length: number, into: Builder | null): void {
    for (let left = length; left > 0;) {
      const [whole, version] = chunk.runs[this.run];
      const taken = Math.min(left, whole - this.inRun);
      into?.add(taken, version);
      left -= taken;
      this.inRun += taken;
      if (this.inRun === whole) {
        this.run++;
        this.inRun = 0;
      }
    }
  }
}

/** Collects runs and whole chunks from left to right; joins equal neighbours, and chunks that are small. */
class Builder {
  private readonly chunks: Chunk[] = [];
  private open: Run[] = [];

  add(length: number, version: number): void {
    if (!length) {
      return;
    }
    this.reopen();
    const end = this.open.length - 1;
    if (this.open[end]?.[1] === version) {
      this.open[end] = [this.open[end][0] + length, version];
    } else {
      this.open.push([length, version]);
    }
  }

  chunk(chunk: Chunk): void {
    const last = this.open.at(-1) ?? this.chunks.at(-1)?.runs.at(-1);
    const [first, ...others] = chunk.runs;
    if (last && (last[1] === first[1] || (this.open.length || chunk.runs.length) < SMALL)) {
      this.add(...first);
      this.open.push(...others);
    } else {
      this.close();
      this.chunks.push(chunk);
    }
  }

  /** Adds chunks that follow each other. */
  all(chunks: readonly Chunk[]): void {
    chunks.slice(0, 2).forEach(chunk => this.chunk(chunk));
    if (chunks.length > 2) {
      this.close();
      this.chunks.push(...chunks.slice(2));
    }
  }

  build(): readonly Chunk[] {
    this.close();
    return this.chunks;
  }

  /** Makes the last chunk the open one again if there is none, so that a run can be joined with its last. */
  private reopen(): void {
    if (!this.open.length) {
      this.open = [...(this.chunks.pop()?.runs ?? [])];
    }
  }

  private close(): void {
    const { open } = this;
    const size = Math.ceil(open.length / Math.max(Math.floor(open.length / CHUNK), 1));
    for (let start = 0; start < open.length; start += size) {
      const runs = open.slice(start, start + size);
      this.chunks.push({ runs, length: runs.reduce((sum, [length]) => sum + length, 0) });
    }
    this.open = [];
  }
}
