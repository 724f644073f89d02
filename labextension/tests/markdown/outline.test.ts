/** The outline of a text: the vectors are those of the server's tests. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

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
  it.each(read<Outlined>(`${VECTORS}outline.jsonl`).map(each => [each.text, each] as const))(
    'of %j is as in the vectors',
    (text, { entries, wholeHash }) => {
      expect(outlined(text)).toEqual({ text, entries, wholeHash });
    }
  );

  it.skipIf(!existsSync(PYTHON))(`the server's parser finds the same (seed ${SEED})`, () => {
    const different = randomTexts().filter(
      ({ text, entries }) =>
        JSON.stringify(sorted(outlined(text).entries)) !== JSON.stringify(sorted(entries))
    );
    expect(different.map(({ text, entries }) => [text, entries, outlined(text).entries])).toEqual(
      []
    );
  });
});

function sorted(entries: readonly object[]): unknown[] {
  return entries.map(entry =>
    Object.entries(entry).sort(([one], [other]) => (one < other ? -1 : 1))
  );
}
