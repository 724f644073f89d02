import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { keepFocus } from '../../src/threads/keptFocus';

let stop: () => void = () => undefined;
const leave = vi.fn();

beforeEach(() => leave.mockClear());
afterEach(() => {
  stop();
  document.body.replaceChildren();
});

/** Three cards with two buttons each. */
function cards() {
  const node = document.createElement('div');
  for (const id of ['a', 'b', 'c']) {
    const card = document.createElement('article');
    card.className = 'jp-Thread';
    card.tabIndex = -1;
    card.id = id;
    card.append(document.createElement('button'), document.createElement('button'));
    node.append(card);
  }
  document.body.append(node);
  stop = keepFocus(node, leave);
  const card = (id: string) => document.getElementById(id)!;
  return { node, card, button: (id: string) => card(id).querySelector('button')! };
}

/** Resolves when the page has told of its changes, and timers have run. */
async function later(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 5));
}

const focused = () => document.activeElement?.id;

describe('the focus among cards', () => {
  it('goes to the card of a button that is taken away', async () => {
    const { button } = cards();
    button('b').focus();
    button('b').remove();
    await later();
    expect(focused()).toBe('b');
  });

  it('goes to the next card where one is taken away, or to the last', async () => {
    const { button, card } = cards();
    button('b').focus();
    card('b').remove();
    await later();
    expect(focused()).toBe('c');
    card('c').remove();
    await later();
    expect(focused()).toBe('a');
    card('a').remove();
    await later();
    expect(leave).toHaveBeenCalledOnce();
  });

  it('stays on what only gets another place', async () => {
    const { node, button, card } = cards();
    const focusedButton = button('b');
    focusedButton.focus();
    node.append(card('b'));
    await later();
    expect(document.activeElement).toBe(focusedButton);
  });

  it('stays where the user has gone before', async () => {
    const { button, card } = cards();
    const elsewhere = document.createElement('input');
    elsewhere.id = 'elsewhere';
    document.body.append(elsewhere);
    button('b').focus();
    elsewhere.focus();
    card('b').remove();
    await later();
    expect(focused()).toBe('elsewhere');
    button('a').focus();
    button('a').blur(); // a click on nothing
    await later();
    card('a').remove();
    await later();
    expect(document.activeElement).toBe(document.body);
    expect(leave).not.toHaveBeenCalled();
  });

  it('stays where it is while others are taken away', async () => {
    const { card } = cards();
    card('a').focus();
    card('b').remove();
    await later();
    expect(focused()).toBe('a');
  });

  it('is given to nothing after the end', async () => {
    const { button } = cards();
    button('b').focus();
    stop();
    button('b').remove();
    await later();
    expect(document.activeElement).toBe(document.body);
  });
});
