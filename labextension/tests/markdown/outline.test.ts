/** The outline of a text: the vectors are those of the server's tests. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { Text } from '@codemirror/state';
import { describe, expect, it } from 'vitest';

import { outlineOf } from '../../src/markdown/outlineReading';
import { parsed, parseInSteps, unchanged } from '../../src/markdown/textParsing';
import { finish } from '../../src/text';
import { read, VECTORS } from '../text/vectors';
import { outlined, type Outlined } from './outlined';

const ROOT = `${import.meta.dirname}/../../..`;
/** The Python in which the server's packages are. */
const PYTHON = process.env['SPECCOLLAB_PYTHON'] ?? `${ROOT}/.venv/bin/python`;
/** How many random texts are compared, and which. `SPECCOLLAB_OUTLINES=5000` for a long run. */
const COUNT = process.env['SPECCOLLAB_OUTLINES'] ?? '300';
const SEED = process.env['SPECCOLLAB_SEED'] ?? '1';

function randomTexts(): Outlined[] {
  const output = execFileSync(PYTHON, ['-m', 'tests.markdown.outlined_texts', SEED, COUNT], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: Infinity
  });
  return output.split('\n').flatMap(line => (line ? [JSON.parse(line) as Outlined] : []));
}

describe('an outline', () => {
  it('after changes is that of a text that was never read before', () => {
    const cases = read<Outlined>(`${VECTORS}outline.jsonl`).slice(0, 60);
    let doc = Text.of(
      cases
        .map(({ text }) => text)
        .join('\n\n')
        .split('\n')
    );
    let whole = parsed(doc);
    outlineOf(whole);
    cases.forEach(({ text }, index) => {
      const at = (index * 7_919) % doc.length;
      const inserted = Text.of(`${text.slice(0, index)}😀`.split('\n'));
      const toA = Math.min(doc.length, at + 3);
      doc = doc.replace(at, toA, inserted);
      const range = { fromA: at, toA, fromB: at, toB: at + inserted.length };
      const { origin } = whole;
      whole = finish(parseInSteps(doc, { known: unchanged(whole, [range]), origin, size: 200 }));
      expect(outlineOf(whole).entries).toEqual(outlineOf(parsed(doc)).entries);
    });
  });

  it('has the same structure where entries differ in their places alone', () => {
    const start = '# One\n\ntext\n\n## FR-1: two\n\n- [ ] three\n\n# One\n';
    let doc = Text.of(start.split('\n'));
    let whole = parsed(doc);
    const typed = (behind: string, letters: string) => {
      const before = outlineOf(whole).structure;
      const at = doc.toString().indexOf(behind) + behind.length;
      const range = { fromA: at, toA: at, fromB: at, toB: at + letters.length };
      doc = doc.replace(at, at, Text.of(letters.split('\n')));
      const { origin } = whole;
      whole = finish(parseInSteps(doc, { known: unchanged(whole, [range]), origin, size: 10 }));
      return outlineOf(whole).structure === before;
    };
    expect(typed('text', ' and more\n\nof it')).toBe(true);
    expect(typed('FR-1: two', ' and a half')).toBe(false);
    expect(typed('more', '\n\n- [ ] another\n')).toBe(false);
    expect(outlineOf(whole).find('task:2')?.title).toBe('three');
    expect(outlineOf(whole).find('one-1')?.from).toBe(doc.length - '# One\n'.length);
    expect(outlineOf(whole).find('two')).toBeNull();
  });

  it.each(read<Outlined>(`${VECTORS}outline.jsonl`).map(each => [each.text, each] as const))(
    'of %j is as in the vectors',
    (text, { entries, wholeHash }) => {
      expect(outlined(text)).toEqual({ text, entries, wholeHash });
    }
  );

  it.skipIf(!existsSync(PYTHON))(
    `the server's parser finds the same (seed ${SEED})`,
    () => {
      const different = randomTexts().filter(
        ({ text, entries }) =>
          JSON.stringify(sorted(outlined(text).entries)) !== JSON.stringify(sorted(entries))
      );
      expect(different.map(({ text, entries }) => [text, entries, outlined(text).entries])).toEqual(
        []
      );
    },
    1_200_000
  );
});

function sorted(entries: readonly object[]): unknown[] {
  return entries.map(entry =>
    Object.entries(entry).sort(([one], [other]) => (one < other ? -1 : 1))
  );
}
