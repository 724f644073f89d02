import type { Chunk, ParsedText } from '../markdown/parsedText';
import type { Steps } from '../text';
import { type Block, Blocks, type Region } from './blocks';
import { isCostly } from './cost';
import { footnotesOf, labelsIn, notesIn } from './definitions';
import { grouped } from './grouping';
import { type ChunkPieces, merged, moved, type Piece, piecesOf } from './pieces';
import { type BlockText, Shared } from './shared';
import { isLong, partsOf, type Slice } from './splitting';

/** After so many blocks the reader rests. */
const STEP = 100;

type References = Pick<BlockText, 'labels' | 'notes'>;

interface Known {
  readonly region: Region;
  readonly shared: Shared;
  /** What may refer to definitions and footnotes. */
  readonly references: readonly References[];
}

/**
 * Reads the blocks of a text, region by region: mostly a chunk is one, but blocks that only together are right are in
 * one region.
 *
 * Laws (`blocks.test.ts`): the blocks ascend and don't overlap, and are the same in whatever chunks the text was parsed;
 * an edit changes the keys of the blocks that it touches and of those that refer to a definition that it changes, and of
 * no others.
 */
export class BlockReader {
  private readonly pieces = new WeakMap<Chunk, ChunkPieces>();
  /** By their first chunk. */
  private readonly known = new WeakMap<ChunkPieces, Known>();
  private shared = new Shared();

  *read({ doc, chunks, starts }: ParsedText): Steps<Blocks> {
    const read: ChunkPieces[] = [];
    for (const [index, chunk] of chunks.entries()) {
      let pieces = this.pieces.get(chunk);
      if (!pieces) {
        const from = starts[index]!;
        pieces = piecesOf(chunk, doc.sliceString(from, from + chunk.length));
        this.pieces.set(chunk, pieces);
        yield;
      }
      read.push(pieces);
    }
    this.shared = this.shared.after(read);
    const regions: Region[] = [];
    const begins: number[] = [];
    for (let index = 0; index < read.length;) {
      const start = starts[index]!;
      const end = regionEnd(read, starts, index);
      let region = this.regionOf(read, index, end);
      if (!region) {
        const slice: Slice = (from, to) => doc.sliceString(start + from, start + to);
        region = yield* this.region(read.slice(index, end), slice);
        yield;
      }
      regions.push(region);
      begins.push(start);
      index = end;
    }
    return new Blocks(regions, begins);
  }

  private regionOf(chunks: readonly ChunkPieces[], from: number, to: number): Region | null {
    const known = this.known.get(chunks[from]!);
    const isSame =
      known?.region.chunks.length === to - from &&
      known.region.chunks.every((each, index) => each === chunks[from + index]);
    if (!isSame) {
      return null;
    }
    const { shared } = this;
    if (known.shared !== shared) {
      if (!known.references.every(each => shared.isAlikeFor(each, known.shared))) {
        return null;
      }
      this.known.set(chunks[from]!, { ...known, shared });
    }
    return known.region;
  }

  private *region(chunks: readonly ChunkPieces[], slice: Slice): Steps<Region> {
    const { shared } = this;
    const pieces = joined(chunks, slice);
    const blocks: Block[] = [];
    const references: References[] = [];
    const refer = (each: References) => {
      if (each.labels.length > 0 || each.notes.length > 0) {
        references.push(each);
      }
    };
    for (const group of grouped(pieces)) {
      for (const block of blocksOf(group, slice, shared, refer)) {
        blocks.push(block);
        if (blocks.length % STEP === 0) {
          yield;
        }
      }
    }
    const region = { chunks, blocks };
    this.known.set(chunks[0]!, { region, shared, references });
    return region;
  }
}

/** The index behind the last chunk that is read together with the one at `index`. */
function regionEnd(
  chunks: readonly ChunkPieces[],
  starts: readonly number[],
  index: number
): number {
  let end = index;
  let reach = 0;
  do {
    const { reach: own } = chunks[end]!;
    reach = own > 0 ? starts[end]! + own : reach;
    end++;
  } while (end < chunks.length && (chunks[end - 1]!.chunk.next !== null || reach > starts[end]!));
  return end;
}

/** The pieces of chunks, by their positions in all of them. */
function joined(chunks: readonly ChunkPieces[], slice: Slice): readonly Piece[] {
  if (chunks.length === 1) {
    return chunks[0]!.pieces;
  }
  const pieces: Piece[] = [];
  let open: Piece[] = [];
  let start = 0;
  const close = () => {
    if (open.length > 1) {
      pieces.push(merged(open, slice));
    } else {
      pieces.push(...open);
    }
    open = [];
  };
  for (const { chunk, pieces: own } of chunks) {
    for (const [index, piece] of own.entries()) {
      if (index > 0 || chunk.inside === null) {
        close();
      }
      open.push(moved(piece, start));
    }
    start += chunk.length;
  }
  close();
  return pieces;
}

function* blocksOf(
  group: readonly Piece[],
  slice: Slice,
  shared: Shared,
  refer: (references: References) => void
): Generator<Block> {
  const [first] = group as [Piece];
  const { from, name, facts } = first;
  const { to } = group.at(-1)!;
  if (facts.footnotes) {
    const goesOn = group.length > 1 && footnotesOf(slice(from, to));
    const footnotes = goesOn || facts.footnotes;
    const text = slice(from, to);
    refer({
      labels: labelsIn(text),
      notes: [...notesIn(text), ...footnotes.map(note => note.name)]
    });
    yield { content: shared.footnotes(footnotes), from, to, tasks: [] };
  } else if (group.length > 1) {
    const text = slice(from, to);
    const block = { text, labels: labelsIn(text), notes: notesIn(text) };
    refer(block);
    const content = shared.contentOf(block, isCostly(text, false) ? 'plain' : 'markdown');
    const tasks = group.flatMap(piece => piece.facts.tasks.map(task => piece.from - from + task));
    yield { content, from, to, tasks };
  } else if (isLong(name, to - from)) {
    yield* longBlock(first, slice, shared, refer);
  } else if (name !== 'LinkReference') {
    refer(facts);
    const content = shared.contentFrom(facts, facts.isCostly ? 'plain' : 'markdown');
    yield { content, from, to, tasks: facts.tasks };
  }
}

function* longBlock(
  piece: Piece,
  slice: Slice,
  shared: Shared,
  refer: (references: References) => void
): Generator<Block> {
  const { tasks } = piece.facts;
  let next = 0;
  for (const { from, to, text } of partsOf(piece, slice)) {
    const own: number[] = [];
    for (; next < tasks.length && piece.from + tasks[next]! < to; next++) {
      own.push(piece.from + tasks[next]! - from);
    }
    refer(text);
    yield { content: shared.contentFrom(text, text.form, text.isContinued), from, to, tasks: own };
  }
}
