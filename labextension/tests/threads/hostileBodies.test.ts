import '../kit/lab';

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { Sanitizer } from '@jupyterlab/apputils';
import { EditorLanguageRegistry } from '@jupyterlab/codemirror';
import { createMarkdownParser } from '@jupyterlab/markedparser-extension';
import { RenderMimeRegistry, standardRendererFactories } from '@jupyterlab/rendermime';
import * as React from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Bodies } from '../../src/threads/card/bodies';
import { ThreadCard } from '../../src/threads/card/threadCard';
import type { ShownThread } from '../../src/threads/specThreads';
import { bodies, contextOf, drawn, PEOPLE, peopleOf, trans } from './context';
import { MemoryThreads } from './memoryThreads';
import { message, shown } from './threads';

interface Hostile {
  readonly name: string;
  readonly markdown: string;
}

/** What jsdom needs minutes to put into a document: `bodies.test.ts` renders it outside of one. */
const TOO_DEEP = 'deep nesting';

/** The texts that the preview of a spec is tried with. */
const HOSTILE = readFileSync(
  resolve(import.meta.dirname, '../../../tests/vectors/hostile_markdown.jsonl'),
  'utf-8'
)
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Hostile)
  .filter(({ name }) => name !== TOO_DEEP);

/** What a page does by itself to an element, or a reader without meaning to. */
const EVENTS =
  'load error toggle focus mouseover pointerover animationstart start begin click'.split(' ');

const RUNS =
  'script, iframe, frame, object, embed, applet, style, link, meta, base, form, math, template, audio, video, source';

/** Where scripts of the page run. */
const page = (globalThis as unknown as { jsdom: { window: { hostile?: unknown } } }).jsdom.window;
const fetched = vi.fn();

beforeEach(() => {
  vi.stubGlobal('fetch', fetched);
  vi.spyOn(XMLHttpRequest.prototype, 'open').mockImplementation(fetched);
});

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  fetched.mockReset();
  delete page.hostile;
});

/** Messages as JupyterLab's own parser reads them. */
function parsedBodies(): Bodies {
  return new Bodies({
    rendermime: new RenderMimeRegistry({
      initialFactories: standardRendererFactories,
      sanitizer: new Sanitizer(),
      markdownParser: createMarkdownParser(new EditorLanguageRegistry())
    }),
    pictures: { attachment: async id => `/attachments/${id}`, file: path => `/files/${path}` },
    trans,
    people: peopleOf(PEOPLE),
    me: () => 'me'
  });
}

/** Draws an open card for each of these texts, in which it is everything that somebody else can write. */
async function cardsOf(texts: readonly Hostile[], rendered: Bodies): Promise<HTMLElement[]> {
  const all = texts.map(({ name, markdown }) =>
    shown(name, {
      kind: 'suggestion',
      quote: markdown,
      replacement: markdown,
      createdByName: markdown,
      messages: [
        message(markdown, { userName: markdown, mentions: ['me'] }),
        message(`> ${markdown}`, { userName: markdown })
      ]
    })
  );
  const threads = new MemoryThreads(all);
  const context = { ...contextOf(threads), bodies: rendered };
  const card = (each: ShownThread) =>
    React.createElement(ThreadCard, {
      key: each.thread.threadId,
      context,
      shown: each,
      isSelected: true,
      isFocusable: true,
      hasQuote: true,
      role: 'contributor',
      refused: [],
      isAwaiting: true
    });
  const { node, again } = await drawn(threads, () =>
    React.createElement(React.Fragment, null, ...all.map(card))
  );
  const messages = all.flatMap(({ thread }) => thread.messages);
  await vi.waitFor(() => expect(messages.filter(each => !rendered.known(each))).toHaveLength(0), {
    timeout: 60_000
  });
  await again();
  rendered.dispose();
  return [...node.querySelectorAll('article')];
}

function happenTo(node: HTMLElement): void {
  for (const element of node.querySelectorAll('.jp-ThreadBody *:not(button), img')) {
    EVENTS.forEach(type => element.dispatchEvent(new Event(type)));
  }
}

function expectHarmless(card: HTMLElement, { name: about, markdown }: Hostile): void {
  const bodies = card.querySelectorAll('.jp-ThreadBody');
  expect(bodies, about).toHaveLength(2);
  for (const body of bodies) {
    expect(body.querySelectorAll(RUNS), about).toHaveLength(0);
    for (const element of body.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        expect(name, about).not.toMatch(
          /^on|action|poster|ping|srcset|srcdoc|background|autofocus|^name$/
        );
        expect(value, about).not.toMatch(/^\s*(javascript|vbscript|data:text)/i);
      }
      const { style, src } = Object.fromEntries(
        ['style', 'src'].map(name => [name, element.getAttribute(name) ?? ''])
      );
      expect(style, about).not.toMatch(/url|position|fixed|z-index|\\/i);
      expect(src, about).toMatch(/^($|data:image|\/files\/|\/attachments\/)/);
    }
  }
  // Names, quotes and what is suggested are no Markdown: they are shown as they were typed.
  for (const shownAsTyped of ['del', 'ins', '.jp-ThreadMessage-name']) {
    expect(card.querySelector(shownAsTyped)?.textContent, about).toBe(markdown);
  }
}

describe.each([
  ['for Markdown, by JupyterLab’s parser', parsedBodies],
  ['for HTML, which is worse than what Markdown becomes', bodies]
])('cards of hostile texts, taken %s', (_, make) => {
  it('run nothing, and fetch nothing, whatever happens to the page', async () => {
    const cards = await cardsOf(HOSTILE, make());
    expect(cards).toHaveLength(HOSTILE.length);
    cards.forEach((card, index) => expectHarmless(card, HOSTILE[index]));
    happenTo(document.body);
    expect(page.hostile).toBeUndefined();
    expect(fetched).not.toHaveBeenCalled();
  }, 120_000);
});

it('would be seen to run and to fetch, if it did', async () => {
  document.body.innerHTML = '<img src=x onerror="hostile=1">';
  happenTo(document.body);
  expect(page.hostile).toBe(1);
  await fetch('https://elsewhere.example');
  expect(fetched).toHaveBeenCalledOnce();
});
