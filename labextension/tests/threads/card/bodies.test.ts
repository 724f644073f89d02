import '../../kit/lab';

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { isAddress } from '../../../src/preview/policy';
import { bodies, PEOPLE, peopleOf } from '../context';

interface Hostile {
  readonly name: string;
  readonly markdown: string;
}

const HOSTILE = readFileSync(
  resolve(import.meta.dirname, '../../../../tests/vectors/hostile_markdown.jsonl'),
  'utf-8'
)
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Hostile);

const RUNS = 'script, iframe, object, embed, style, link, meta, base, form, svg, math, template';

afterEach(() => document.body.replaceChildren());

async function rendered(body: string, mentions: readonly string[] = []): Promise<HTMLElement> {
  const all = bodies();
  const host = await all.render({ messageId: 'm', body, mentions });
  all.dispose();
  return host;
}

describe('messages of threads', () => {
  it.each(HOSTILE)('are harmless, also with $name', async ({ markdown }) => {
    const host = await rendered(markdown);
    expect(host.querySelectorAll(RUNS)).toHaveLength(0);
    for (const element of host.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on|action|poster|ping|autofocus|^name$/);
        if (name === 'href') {
          expect(isAddress(value)).toBe(true);
        }
        if (name === 'style') {
          expect(value).not.toMatch(/url|position|fixed|z-index|\\/i);
        }
      }
    }
    // Nothing is fetched from elsewhere.
    for (const picture of host.querySelectorAll('img')) {
      expect(picture.getAttribute('src')).toMatch(/^(data:|\/files\/|\/attachments\/)/);
    }
  });

  it('are what a document consists of, with boxes that can’t be ticked', async () => {
    const host = await rendered('<b>Why</b> <code>x</code>? <input type="checkbox" checked>');
    expect(host.querySelector('b')?.textContent).toBe('Why');
    expect(host.querySelector('code')?.textContent).toBe('x');
    expect(host.querySelector('input')?.disabled).toBe(true);
  });

  it('mark whom they mention, but not in code', async () => {
    const host = await rendered('@me and @"Grace Hopper" and @ada, <code>@me</code>', [
      'me',
      'grace'
    ]);
    const marked = [...host.querySelectorAll('.jp-ThreadBody-mention')];
    expect(marked.map(each => [each.textContent, each.classList.contains('jp-mod-me')])).toEqual([
      ['@me', true],
      ['@Grace Hopper', false]
    ]);
    expect(host.textContent).toBe('@me and @Grace Hopper and @ada, @me');
  });

  it('mark whom they mention once it is known who that is, in the page already', async () => {
    const people = peopleOf([]);
    const all = bodies(people);
    const marks = (host: HTMLElement) =>
      [...host.querySelectorAll('.jp-ThreadBody-mention')].map(each => each.textContent);
    const source = {
      messageId: 'm',
      body: 'Ask @ada, @"Grace Hopper".',
      mentions: ['ada', 'grace']
    };
    const host = await all.render(source);
    expect(marks(host)).toEqual([]);
    people.all = PEOPLE.slice(0, 1);
    people.changed.tell();
    people.all = PEOPLE;
    people.changed.tell();
    expect(marks(host)).toEqual(['@ada', '@Grace Hopper']);
    expect(host.textContent).toBe('Ask @ada, @Grace Hopper.');
    all.dispose();
  });

  it('mark whom an own message mentions when the server has told it', async () => {
    const all = bodies();
    const source = { messageId: 'm', body: 'Ask @ada.', mentions: [] };
    const host = await all.render(source);
    expect(host.querySelector('.jp-ThreadBody-mention')).toBeNull();
    expect(all.known({ ...source, mentions: ['ada'] })).toBe(host);
    expect(host.querySelector('.jp-ThreadBody-mention')?.textContent).toBe('@ada');
    all.dispose();
  });

  it('are rendered once, until they are others', async () => {
    const all = bodies();
    const source = { messageId: 'm', body: 'one', mentions: [] };
    const host = await all.render(source);
    expect(await all.render(source)).toBe(host);
    expect(all.known(source)).toBe(host);
    expect(all.known({ ...source, body: 'two' })).toBeNull();
    all.dispose();
  });

  it('fetch a picture from elsewhere only when one asks for it', async () => {
    const host = await rendered('<img src="https://elsewhere.example/a.png" alt="a">');
    expect(host.querySelector('img')).toBeNull();
    host.querySelector('button')!.click();
    expect(host.querySelector('img')?.src).toBe('https://elsewhere.example/a.png');
  });
});
