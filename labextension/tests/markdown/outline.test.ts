/** The outline of a text: the vectors are those of the server's tests. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { Text } from '@codemirror/state';
import { TreeFragment } from '@lezer/common';
import { describe, expect, it } from 'vitest';

import { blockParser } from '../../src/markdown/commonMark';
import { outlineOf } from '../../src/markdown/outline';
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
    const cases = read<Outlined>(`${VECTORS}outline.jsonl`).slice(0, 40);
    let doc = cases.map(({ text }) => text).join('\n\n');
    let tree = blockParser.parse(doc);
    cases.forEach(({ text }, index) => {
      const at = (index * 7_919) % doc.length;
      const inserted = `${text.slice(0, index)}😀`;
      const changed = `${doc.slice(0, at)}${inserted}${doc.slice(at + 3)}`;
      const toA = Math.min(doc.length, at + 3);
      const change = { fromA: at, toA, fromB: at, toB: at + inserted.length };
      const whole = TreeFragment.addTree(tree);
      tree = blockParser.parse(changed, TreeFragment.applyChanges(whole, [change]));
      doc = changed;
      const lines = Text.of(doc.split('\n'));
      const { entries } = outlineOf(tree, lines);
      expect(entries).toEqual(outlineOf(blockParser.parse(doc), lines).entries);
    });
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
