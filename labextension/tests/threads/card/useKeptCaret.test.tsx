import '../../kit/lab';

import fc from 'fast-check';
import * as React from 'react';
import { afterEach, describe, expect, it } from 'vitest';

import { drawn } from '../context';
import { MemoryThreads } from '../memoryThreads';
import { movedPlace, useKeptCaret } from '../../../src/threads/card/useKeptCaret';

afterEach(() => document.body.replaceChildren());

function Field({ value }: { readonly value: string }): JSX.Element {
  const field = React.useRef<HTMLTextAreaElement>(null);
  const written = useKeptCaret(field, value);
  return <textarea ref={field} value={value} onChange={event => written(event.target.value)} />;
}

describe('the caret of a field whose text others change', () => {
  it('stays between the same letters', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (head, gone, come, tail) => {
        const [before, after] = [head + gone + tail, head + come + tail];
        for (let place = 0; place <= before.length; place++) {
          const moved = movedPlace(before, after, place);
          const isKept =
            before.slice(0, place) === after.slice(0, moved) ||
            before.slice(place) === after.slice(moved);
          const isIn = place > head.length && place < before.length - tail.length;
          expect(isKept || isIn).toBe(true);
        }
      })
    );
  });

  it('is put back when the field gets another value', async () => {
    let value = 'phoned twice in a quarter';
    const threads = new MemoryThreads();
    const page = await drawn(threads, () => <Field value={value} />);
    const field = page.node.querySelector('textarea')!;
    field.focus();
    field.setSelectionRange(15, 15);
    document.dispatchEvent(new Event('selectionchange'));
    value = 'phoned twice EXTRA in a quarter';
    threads.changed.tell('threads');
    await page.again();
    expect(field.value).toBe(value);
    expect([field.selectionStart, field.selectionEnd]).toEqual([21, 21]);
  });
});
