import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Content } from '../../src/preview/blocks';
import { DraftLetters } from '../../src/preview/draftLetters';
import { BlockList } from '../../src/preview/list';
import { ParsedSource } from '../../src/preview/parsedSource';
import { clearDesks, desk, put, shown, type Desk } from '../editor/kit';

class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

const disposals: (() => void)[] = [];

beforeEach(() => void vi.stubGlobal('ResizeObserver', NoObserver));

afterEach(() => {
  disposals.splice(0).forEach(dispose => dispose());
  clearDesks();
  vi.unstubAllGlobals();
});

async function rendered({ source }: Content): Promise<HTMLElement> {
  const host = document.createElement('div');
  const paragraph = document.createElement('p');
  paragraph.textContent = source;
  host.append(paragraph);
  return host;
}

/** Bob’s preview while the server takes operations slowly. */
async function slowPreview(text: string): Promise<Desk & { readonly node: HTMLElement }> {
  const made = desk(text);
  made.world.run(1_000);
  made.server.ignoresOperations = true;
  const { view, connection } = made.bob;
  const node = document.createElement('div');
  document.body.append(node);
  let letters: DraftLetters | null = null;
  const list = new BlockList({
    scroller: node,
    render: rendered,
    shown: () => letters?.redraw(),
    moved: () => undefined
  });
  const source = new ParsedSource(view, blocks => list.update(blocks));
  letters = new DraftLetters(view, connection, list, source);
  const drafts = letters;
  const stop = connection.onDrafts(() => drafts.update());
  disposals.push(
    stop,
    () => drafts.dispose(),
    () => source.dispose(),
    () => list.dispose()
  );
  await until(() => expect(blocksIn(node)).toEqual(text.trim().split('\n\n')));
  return { ...made, node };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });

/** The blocks as they are read: their text, with the letters of drafts in it. */
function blocksIn(node: HTMLElement): string[] {
  return [...node.querySelectorAll('.jp-SpecPreview-block')].map(block => readIn(block).trim());
}

function readIn(node: Node): string {
  if (node instanceof HTMLElement && node.dataset['letters'] !== undefined) {
    return node.dataset['letters'];
  }
  return node instanceof Text ? node.data : [...node.childNodes].map(readIn).join('');
}

describe('what a colleague types, in the preview', () => {
  it('is shown at its place, and is in no text', async () => {
    const { world, ann, bob, node } = await slowPreview('# Calls\n\nEvery Monday we call.\n');
    const at = bob.view.state.doc.toString().indexOf(' we');
    put(ann, at, ' ');
    put(ann, at + 1, 'at nine');
    world.run(1_000);
    await until(() => expect(blocksIn(node)[1]).toBe('Every Monday at nine we call.'));
    const letters = node.querySelector<HTMLElement>('.jp-SpecPreview-draft')!;
    expect([letters.title, letters.getAttribute('aria-hidden')]).toEqual(['Ann', 'true']);
    expect(node.textContent).not.toContain('nine');
    put(ann, at + 8, '!');
    world.run(1_000);
    await until(() => expect(blocksIn(node)[1]).toBe('Every Monday at nine! we call.'));
    expect(node.querySelectorAll('.jp-SpecPreview-draft')).toHaveLength(1);
  });

  it('becomes text without being there twice, or not at all, in between', async () => {
    const made = await slowPreview('# Calls\n\nEvery Monday.\n');
    const { world, server, ann, bob, node } = made;
    const at = bob.view.state.doc.length - 1;
    put(ann, at, ' A');
    put(ann, at + 2, 'da');
    world.run(1_000);
    await until(() => expect(blocksIn(node)[1]).toBe('Every Monday. Ada'));
    const seen: string[] = [];
    const look = () => seen.push(blocksIn(node)[1]!);
    const observer = new MutationObserver(look);
    const watched = { subtree: true, childList: true, attributes: true, characterData: true };
    observer.observe(node, watched);
    server.ignoresOperations = false;
    world.runUntil(() => shown(bob).includes('Ada'));
    await until(() => expect(node.textContent).toContain('Every Monday. Ada'));
    await until(() => expect(node.querySelectorAll('.jp-SpecPreview-draft')).toHaveLength(0));
    look();
    observer.disconnect();
    expect(new Set(seen)).toEqual(new Set(['Every Monday. Ada']));
  });

  it('stands in a line of its own where a new paragraph begins', async () => {
    const { world, server, ann, bob, node } = await slowPreview('One.\n\nTwo.\n');
    const end = bob.view.state.doc.length;
    put(ann, end, '\n');
    put(ann, end + 1, 'Three');
    server.ignoresOperations = false;
    world.runUntil(() => shown(bob).endsWith('\nThree'));
    server.ignoresOperations = true;
    await until(() => expect(blocksIn(node)).toEqual(['One.', 'Two.', 'Three']));
    put(ann, end, '\n');
    put(ann, end + 1, 'x');
    world.run(1_000);
    await until(() => expect(node.querySelector('.jp-mod-line')).not.toBeNull());
    expect(node.textContent).not.toContain('x');
  });

  it('shows what is deleted as such', async () => {
    const struck = new Set<Range>();
    vi.stubGlobal('Highlight', class extends Set<Range> {});
    vi.stubGlobal('CSS', { highlights: new Map([['speccollab-deleted', struck]]) });
    const { world, ann, node } = await slowPreview('One two three.\n');
    put(ann, 4, '2', 7);
    put(ann, 5, '.');
    world.run(1_000);
    await until(() => expect(blocksIn(node)).toEqual(['One 2.two three.']));
    expect([...struck].map(String)).toEqual(['two']);
    ann.wire.isDown = true;
    ann.wire.cut();
    world.run(6_000);
    await until(() => expect(blocksIn(node)).toEqual(['One two three.']));
    expect(struck.size).toBe(0);
  });

  it('goes when its author goes, and leaves the block as it was', async () => {
    const { world, ann, node } = await slowPreview('One two.\n');
    put(ann, 3, '!');
    put(ann, 4, '?');
    world.run(1_000);
    await until(() => expect(blocksIn(node)).toEqual(['One!? two.']));
    ann.wire.isDown = true;
    ann.wire.cut();
    world.run(6_000);
    await until(() => expect(blocksIn(node)).toEqual(['One two.']));
    expect(node.querySelector('p')!.childNodes).toHaveLength(1);
  });
});
