import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Content } from '../../src/preview/blocks';
import { BlockList } from '../../src/preview/list';
import { blocksOf } from './read';

/** jsdom lays nothing out, so that nothing is measured: blocks are as high as they are estimated. */
class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

const lists: BlockList[] = [];

function listOf(render = rendered): { readonly list: BlockList; readonly scroller: HTMLElement } {
  const scroller = document.createElement('div');
  document.body.append(scroller);
  const list = new BlockList({
    scroller,
    render,
    shown: () => undefined,
    moved: () => undefined
  });
  lists.push(list);
  return { list, scroller };
}

async function rendered({ source }: Content): Promise<HTMLElement> {
  const host = document.createElement('div');
  const paragraph = document.createElement('p');
  paragraph.textContent = source;
  host.append(paragraph);
  return host;
}

function blocksIn(scroller: HTMLElement): HTMLElement[] {
  return [...scroller.querySelectorAll<HTMLElement>('.jp-SpecPreview-block')];
}

function texts(scroller: HTMLElement): string[] {
  return blocksIn(scroller).map(block => block.textContent ?? '');
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000 });

beforeEach(() => void vi.stubGlobal('ResizeObserver', NoObserver));

afterEach(() => {
  lists.splice(0).forEach(list => list.dispose());
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

describe('the rendered blocks of a text', () => {
  it('a block whose key stays keeps its element, and one that changed its place', async () => {
    const { list, scroller } = listOf();
    list.update(blocksOf('# A\n\nOne.\n\nTwo.\n'));
    await until(() => expect(texts(scroller)).toEqual(['# A', 'One.', 'Two.']));
    const before = blocksIn(scroller);
    list.update(blocksOf('New.\n\n# A\n\nOne!\n\nTwo.\n'));
    // Until it is rendered, a block shows what it showed.
    expect(texts(scroller)).toEqual(['', '# A', 'One.', 'Two.']);
    await until(() => expect(texts(scroller)).toEqual(['New.', '# A', 'One!', 'Two.']));
    const after = blocksIn(scroller);
    expect([after[1], after[3]]).toEqual([before[0], before[2]]);
    expect(after[1]!.firstChild).toBe(before[0]!.firstChild);
  });

  it('a block that is edited while it is rendered shows the newest text', async () => {
    const waiting: (() => void)[] = [];
    const { list, scroller } = listOf(async content => {
      await new Promise<void>(resolve => waiting.push(resolve));
      return rendered(content);
    });
    list.update(blocksOf('One.\n'));
    await until(() => expect(waiting).toHaveLength(1));
    list.update(blocksOf('Two.\n'));
    await until(() => expect(waiting).toHaveLength(2));
    waiting[1]!();
    await until(() => expect(texts(scroller)).toEqual(['Two.']));
    waiting[0]!();
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(texts(scroller)).toEqual(['Two.']);
  });

  it('blocks far from the view are not in the page', async () => {
    const { list, scroller } = listOf();
    const text = Array.from({ length: 3_000 }, (_, at) => `Paragraph ${at}, with words.`).join(
      '\n\n'
    );
    list.update(blocksOf(text));
    await until(() => expect(texts(scroller)[0]).toBe('Paragraph 0, with words.'));
    expect(blocksIn(scroller).length).toBeLessThan(200);
    scroller.scrollTop = list.topOf(1_500);
    list.viewed();
    await until(() => expect(texts(scroller)).toContain('Paragraph 1500, with words.'));
    expect(texts(scroller)).not.toContain('Paragraph 0, with words.');
    expect(blocksIn(scroller).length).toBeLessThan(200);
  });

  it('what is seen stays where it is when blocks above it come and go', () => {
    const { list, scroller } = listOf();
    const paragraphs = Array.from({ length: 2_000 }, (_, at) => `Paragraph ${at}.`);
    list.update(blocksOf(paragraphs.join('\n\n')));
    scroller.scrollTop = list.topOf(1_000) + 7;
    list.viewed();
    list.update(blocksOf(['New.', ...paragraphs.slice(0, 5), ...paragraphs.slice(9)].join('\n\n')));
    expect(list.all.at(997)!.content.source).toBe('Paragraph 1000.');
    expect(scroller.scrollTop).toBeCloseTo(list.topOf(997) + 7);
  });
});
