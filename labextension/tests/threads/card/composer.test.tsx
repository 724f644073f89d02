import '../../kit/lab';

import * as React from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Composer } from '../../../src/threads/card/composer';
import { LONGEST_BODY } from '../../../src/threads/specThreads';
import type { Mentionable } from '../../../src/threads/mentions';
import { button, contextOf, drawn, PEOPLE, peopleOf, press, type } from '../context';
import { MemoryThreads } from '../memoryThreads';

afterEach(() => document.body.replaceChildren());

async function composer(first = '', known: readonly Mentionable[] = PEOPLE) {
  const threads = new MemoryThreads();
  const people = peopleOf(known);
  const context = contextOf(threads, people);
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
  const arrive = async (all: readonly Mentionable[]) => {
    people.all = all;
    people.changed.tell();
    await page.again();
  };
  return { ...page, field, write, names, send, close, arrive, value: () => value };
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

  it('offers people who are known only after one has typed, and keeps who is chosen', async () => {
    const [ada, grace] = PEOPLE;
    const { field, write, names, arrive, again, value } = await composer('', []);
    await write('Ask @');
    expect(names()).toEqual([]);
    const zed = { userId: 'zed', userName: 'Zed', login: 'zed' };
    await arrive([grace!, zed]);
    expect(names()).toEqual(['Grace Hopper', 'Zed']);
    press(field, 'ArrowDown');
    await again();
    await arrive([ada!, grace!, zed]);
    expect(names()).toEqual(['Ada', 'Grace Hopper', 'Zed']);
    press(field, 'Enter');
    await again();
    expect(value()).toBe('Ask @zed ');
  });

  it('offers nobody where a login was completed, in front of a line, too', async () => {
    const hopper = { userId: 'grace', userName: 'Grace Hopper', login: 'grace' };
    const { field, write, names, again, value } = await composer('', [hopper]);
    const keyUp = async () => {
      field.dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter', bubbles: true }));
      await again();
    };
    await write('@gr');
    press(field, 'Enter');
    await again();
    await keyUp();
    expect([value(), names()]).toEqual(['@grace ', []]);
    await write('@gr\nnext');
    field.setSelectionRange(3, 3);
    await keyUp();
    expect(names()).toEqual(['Grace Hopper']);
    press(field, 'Enter');
    await again();
    await keyUp();
    expect([value(), names()]).toEqual(['@grace \nnext', []]);
  });

  it('has the caret behind a draft', async () => {
    const { field } = await composer('What does @g');
    field.focus();
    expect([field.selectionStart, field.selectionEnd]).toEqual([12, 12]);
  });
});
