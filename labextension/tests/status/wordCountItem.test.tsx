import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { WordCountItem } from '../../src/status/wordCountItem';
import { clearDesks, desk, put } from '../editor/kit';

afterEach(clearDesks);

describe('the number of words', () => {
  it('follows the text and the selection of the current spec', async () => {
    const { ann } = desk(`${'word '.repeat(1_200)}`);
    const item = new WordCountItem(nullTranslator.load(''));
    Widget.attach(item, document.body);
    const reads = (text: string) =>
      vi.waitFor(() => expect(item.node.textContent).toBe(text), { timeout: 20_000 });
    item.follow(ann.view);
    await reads('1,200 words');
    ann.view.dispatch({ selection: { anchor: 0, head: 9 } });
    await reads('2 of 1,200 words');
    put(ann, 0, 'one more ');
    await reads('1,202 words');
    item.follow(null);
    expect(item.isActive).toBe(false);
    item.dispose();
  });
});
