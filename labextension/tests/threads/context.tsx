import { Sanitizer } from '@jupyterlab/apputils';
import { RenderMimeRegistry, standardRendererFactories } from '@jupyterlab/rendermime';
import { nullTranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { vi } from 'vitest';

import { Listeners } from '../../src/runtime';
import { Bodies } from '../../src/threads/card/bodies';
import type { Mentionable } from '../../src/threads/mentions';
import type { ThreadContext } from '../../src/threads/threadContext';
import { CommandIDs } from '../../src/ui/commandIds';
import type { MemoryThreads } from './memoryThreads';

export const trans = nullTranslator.load('');

export const PEOPLE: readonly Mentionable[] = [
  { userId: 'ada', userName: 'Ada', login: 'ada' },
  { userId: 'grace', userName: 'Grace Hopper', login: '' },
  { userId: 'me', userName: 'Me', login: 'me' }
];

const KEYS: Readonly<Record<string, string>> = {
  [CommandIDs.comment]: 'Ctrl+Alt+M',
  [CommandIDs.acceptSuggestion]: 'Alt+A'
};

/** People who are known; `changed` tells that others are now in `all`. */
export function peopleOf(all: readonly Mentionable[] = PEOPLE) {
  return { all, changed: new Listeners<void>() };
}

/** What renders messages, with a parser for which they are HTML: that is worse than what Markdown becomes. */
export function bodies(people = peopleOf()): Bodies {
  const markdownParser = { render: async (source: string) => source };
  return new Bodies({
    rendermime: new RenderMimeRegistry({
      initialFactories: standardRendererFactories,
      sanitizer: new Sanitizer(),
      markdownParser
    }),
    pictures: { attachment: async id => `/attachments/${id}`, file: path => `/files/${path}` },
    trans,
    people,
    me: () => 'me'
  });
}

export function contextOf(threads: MemoryThreads, people = peopleOf()) {
  return {
    threads,
    bodies: bodies(people),
    trans,
    locale: 'en',
    people: () => people.all.filter(({ userId }) => userId !== 'me'),
    peopleChanged: people.changed,
    colourOf: () => null,
    goTo: vi.fn<(threadId: string) => void>(),
    leave: vi.fn<() => void>(),
    open: vi.fn(),
    copyLink: vi.fn<(threadId: string) => void>(),
    keysOf: command => KEYS[command] ?? '',
    say: vi.fn<(sentence: string) => void>()
  } satisfies ThreadContext;
}

/** Resolves when React has drawn what it was asked for before: it does that in a turn of its own. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise(resolve => setTimeout(resolve, 1));
  }
}

/** Puts what React draws into the page, and draws it again on each change of the threads. */
export async function drawn(
  threads: MemoryThreads,
  draw: () => JSX.Element
): Promise<{ readonly node: HTMLElement; again(): Promise<void> }> {
  const widget = new (class extends ReactWidget {
    protected override render(): JSX.Element {
      return draw();
    }
  })();
  threads.changed.add(() => widget.update());
  threads.selectedChanged.add(() => widget.update());
  Widget.attach(widget, document.body);
  const again = async () => {
    MessageLoop.flush();
    await widget.renderPromise;
    await turns();
  };
  await again();
  return { node: widget.node, again };
}

export function button(node: Element, label: string): HTMLButtonElement {
  const found = [...node.querySelectorAll('button')].find(
    each => each.getAttribute('aria-label') === label || each.textContent === label
  );
  if (!found) {
    const labels = [...node.querySelectorAll('button')].map(
      each => each.getAttribute('aria-label') ?? each.textContent
    );
    throw new Error(`No button “${label}” among ${labels.join(', ')}`);
  }
  return found;
}

/** Types into a field as somebody does: at its end. */
export function type(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!;
  set!.call(field, text);
  field.setSelectionRange(text.length, text.length);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('select', { bubbles: true }));
}

export function press(target: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}
