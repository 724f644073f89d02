import '../../kit/lab';

import * as React from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Composer } from '../../../src/threads/card/composer';
import { LONGEST_BODY } from '../../../src/threads/specThreads';
import { button, contextOf, drawn, press, type } from '../context';
import { MemoryThreads } from '../memoryThreads';

afterEach(() => document.body.replaceChildren());

async function composer(first = '') {
  const threads = new MemoryThreads();
  const context = contextOf(threads);
  let value = first;
  const [send, close] = [vi.fn(), vi.fn()];
  const page = await drawn(threads, () => (
    <Composer
      context={context}
      label="Write"
      placeholder="Here"
      value={value}
      sendLabel="Send"
      change={next => {
        value = next;
        threads.changed.tell('threads');
      }}
      send={send}
      close={close}
    />
  ));
  const field = page.node.querySelector('textarea')!;
  const write = async (text: string) => {
    type(field, text);
    await page.again();
  };
  const names = () =>
    [...page.node.querySelectorAll('[role="option"] > span:nth-child(2)')].map(
      each => each.textContent
    );
  return { ...page, field, write, names, send, close, value: () => value };
}

describe('where a message is written', () => {
  it('sends with Ctrl+Enter, if there is something to send', async () => {
    const { field, write, send, node } = await composer();
    press(field, 'Enter', { ctrlKey: true });
    expect(send).not.toHaveBeenCalled();
    expect(button(node, 'Send').disabled).toBe(true);
    await write('Why?');
    press(field, 'Enter');
    expect(send).not.toHaveBeenCalled();
    press(field, 'Enter', { ctrlKey: true });
    press(field, 'Enter', { metaKey: true });
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('is left by Esc', async () => {
    const { field, close } = await composer();
    press(field, 'Escape');
    expect(close).toHaveBeenCalledOnce();
  });

  it('takes messages of a length', async () => {
    const { node, write, send, field } = await composer();
    await write('😀'.repeat(LONGEST_BODY));
    expect(node.querySelector('[role="alert"]')).toBeNull();
    await write('a'.repeat(LONGEST_BODY + 1));
    expect(node.querySelector('[role="alert"]')?.textContent).toContain('Shorten it');
    press(field, 'Enter', { ctrlKey: true });
    expect(send).not.toHaveBeenCalled();
  });

  it('offers people behind an @, and takes one by keys', async () => {
    const { field, write, names, value, again, close } = await composer();
    await write('Ask @');
    expect(names()).toEqual(['Ada', 'Grace Hopper']);
    press(field, 'ArrowDown');
    await again();
    const active = field.getAttribute('aria-activedescendant')!;
    expect(document.getElementById(active)?.textContent).toContain('Grace Hopper');
    press(field, 'Enter');
    await again();
    expect(value()).toBe('Ask @"Grace Hopper" ');
    expect(field.selectionStart).toBe(20);
    expect(names()).toEqual([]);
    await write('Ask @g');
    expect(names()).toEqual(['Grace Hopper']);
    press(field, 'Escape');
    await again();
    expect(names()).toEqual([]);
    expect(close).not.toHaveBeenCalled();
  });
});
