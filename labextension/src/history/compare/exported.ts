import type { TranslationBundle } from '@jupyterlab/translation';

import { safeColour } from '../../editor/colours';
import type { Text } from '../../text';
import type { Authors, Writer } from './authors';
import type { Difference } from './passage';

export interface ExportOptions {
  readonly title: string;
  readonly olderName: string;
  readonly newerName: string;
  readonly older: Text;
  readonly newer: Text;
  readonly differences: readonly Difference[];
  readonly authors: Authors | null;
  /** A BCP 47 tag; empty where it isn't known. */
  readonly language: string;
  readonly trans: TranslationBundle;
  told(writer: Writer): string;
}

/** Lines that are the same in both texts and stay around a change. */
const CONTEXT = 3;

/** What such a page may do: show what is in it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE = `
:root { color-scheme: light; }
body { max-width: 860px; margin: 0 auto; padding: 32px 24px 64px; color: #1f2328; background: #fff; font: 15px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { margin: 0 0 4px; font-size: 24px; }
p { margin: 0 0 16px; color: #57606a; }
ul { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 20px; padding: 0; list-style: none; }
li span { display: inline-block; width: 12px; height: 12px; margin-inline-end: 6px; border-radius: 3px; }
pre { margin: 0; padding: 16px; border: 1px solid #d1d9e0; border-radius: 6px; font: 13px/1.55 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
ins { background: #dff3e3; text-decoration: underline; text-decoration-color: var(--by, #1a7f37); text-decoration-thickness: 2px; text-underline-offset: 3px; }
del { background: #fde7e6; color: #82071e; }
hr { margin: 10px -16px; border: 0; border-top: 1px dashed #c4ccd4; }
small { display: block; color: #57606a; text-align: center; }
`;

/** A comparison as an HTML page in one file: what went, struck out, and what came, with its authors. Nothing in it runs. */
export function exportedComparison(options: ExportOptions): string {
  const { title, olderName, newerName, language, trans } = options;
  const page = document.implementation.createHTMLDocument(title);
  page.documentElement.lang = language;
  const meta = (attributes: Readonly<Record<string, string>>) => {
    const element = page.createElement('meta');
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };
  page.head.replaceChildren(
    meta({ charset: 'utf-8' }),
    meta({ 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    meta({ name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    Object.assign(page.createElement('title'), { textContent: title }),
    Object.assign(page.createElement('style'), { textContent: STYLE })
  );
  const heading = Object.assign(page.createElement('h1'), { textContent: title });
  const which = Object.assign(page.createElement('p'), {
    textContent: trans.__('%1 compared with %2', olderName, newerName)
  });
  const writers = new Map<string, Writer>();
  const body = bodyOf(page, options, writers);
  page.body.replaceChildren(heading, which, legend(page, writers), body);
  return `<!DOCTYPE html>\n${page.documentElement.outerHTML}\n`;
}

function bodyOf(
  page: Document,
  { older, newer, differences, authors, trans, told }: ExportOptions,
  writers: Map<string, Writer>
): HTMLElement {
  const pre = page.createElement('pre');
  const [before, after] = [older.toString(), newer.toString()];
  let done = 0;
  const element = (name: 'ins' | 'del', text: string) =>
    pre.appendChild(Object.assign(page.createElement(name), { textContent: text }));
  for (const [index, { fromA, toA, fromB, toB }] of differences.entries()) {
    same(pre, after.slice(done, fromB), index > 0, true, trans);
    if (toA > fromA) {
      element('del', before.slice(fromA, toA));
    }
    if (toB > fromB) {
      const pieces = authors?.within(newer.codePointOf(fromB), newer.codePointOf(toB)) ?? [];
      if (pieces.length === 0) {
        element('ins', after.slice(fromB, toB));
      }
      for (const { from, to, writer } of pieces) {
        const added = element('ins', newer.slice(from, to));
        added.title = told(writer);
        added.style.setProperty('--by', safeColour(writer.colour, writer.userId));
        writers.set(writer.userId, writer);
      }
    }
    done = toB;
  }
  same(pre, after.slice(done), differences.length > 0, false, trans);
  return pre;
}

/** Text that is the same in both, without the lines far from a change. */
function same(
  pre: HTMLElement,
  text: string,
  isAfter: boolean,
  isBefore: boolean,
  trans: TranslationBundle
): void {
  const lines = text.split('\n');
  const head = isAfter ? CONTEXT + 1 : 0;
  const tail = isBefore ? CONTEXT + 1 : 0;
  const omitted = lines.length - head - tail;
  if (omitted <= 1) {
    pre.append(text);
    return;
  }
  const page = pre.ownerDocument;
  pre.append(lines.slice(0, head).join('\n'));
  pre.append(
    page.createElement('hr'),
    Object.assign(page.createElement('small'), {
      textContent: trans._n('%1 unchanged line', '%1 unchanged lines', omitted)
    }),
    page.createElement('hr')
  );
  pre.append(lines.slice(head + omitted).join('\n'));
}

function legend(page: Document, writers: ReadonlyMap<string, Writer>): HTMLElement {
  const list = page.createElement('ul');
  for (const { userId, userName, colour } of writers.values()) {
    const item = page.createElement('li');
    const patch = page.createElement('span');
    patch.style.backgroundColor = safeColour(colour, userId);
    item.append(patch, userName);
    list.append(item);
  }
  return list;
}
