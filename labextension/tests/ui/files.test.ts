import { expect, test } from 'vitest';

import { chooseFiles } from '../../src/ui/files';

const input = () => document.querySelector<HTMLInputElement>('input[type="file"]');

test('the input stays in the page until files are chosen, or not', async () => {
  for (const [event, names] of [
    ['change', ['plan.md']],
    ['cancel', []]
  ] as const) {
    const chosen = chooseFiles('.md');
    const files = names.map(name => new File([], name));
    Object.defineProperty(input()!, 'files', { value: files });
    input()!.dispatchEvent(new Event(event));
    expect((await chosen).map(({ name }) => name)).toEqual(names);
    expect(input()).toBeNull();
  }
});
