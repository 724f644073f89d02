// @vitest-environment node
/** Front matter, as the server reads it too: the vectors are its own. */
import { describe, expect, it } from 'vitest';

import { frontMatterOf } from '../../src/markdown/frontMatter';
import { read, VECTORS } from '../text/vectors';

interface Case {
  readonly content: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly error: { readonly line?: number } | null;
  readonly bodyStart: number;
}

describe('front matter', () => {
  it.each(read<Case>(`${VECTORS}front_matter.jsonl`).map(each => [each.content, each] as const))(
    '%j is read as the server reads it',
    async (content, { fields, error, bodyStart }) => {
      const found = await frontMatterOf(content);
      expect(found).toMatchObject({ bodyStart, error: error && expect.objectContaining(error) });
      expect(found.fields).toEqual(fields);
    }
  );

  it.each(['[', '- ', '? ', '&a ', '!a ', 'a: [', '*a '])(
    'of thousands of %j is an error that is found before it is parsed',
    async token => {
      const { error, fields } = await frontMatterOf(`---\n${token.repeat(15_000)}\n---\n`);
      expect(fields).toEqual({});
      expect(error?.reason).toBe('it has more than 1,000 values');
    }
  );

  it('tells why it can’t be read without a second place', async () => {
    const { error } = await frontMatterOf('---\ntitle: [a\nstatus: draft\n---\n');
    expect(error).toMatchObject({ line: 3, reason: expect.stringMatching(/^Flow sequence.* \]$/) });
  });
});
