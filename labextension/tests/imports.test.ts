// @vitest-environment node
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

/** The rules that a file with this text at this place would break. */
async function broken(filePath: string, code: string): Promise<(string | null)[]> {
  const eslint = new ESLint({
    overrideConfig: {
      languageOptions: { parserOptions: { project: null } },
      rules: {
        '@typescript-eslint/no-floating-promises': 'off',
        '@typescript-eslint/switch-exhaustiveness-check': 'off'
      }
    }
  });
  const [result] = await eslint.lintText(code, { filePath });
  return result!.messages.map(message => message.ruleId);
}

describe('imports go one way: text ← protocol ← sync ← presence ← keeping ← session ← editor ← panels ← index', () => {
  it.each([
    ['src/text/wrong.ts', '../protocol'],
    ['src/protocol/wrong.ts', '../session/reconnect'],
    ['src/sync/wrong.ts', '../presence'],
    ['src/presence/wrong.ts', '../keeping'],
    ['src/keeping/wrong.ts', '../session'],
    ['src/session/wrong.ts', '../editor'],
    ['src/editor/wrong.ts', '../index']
  ])('%s may not import %s', async (file, module) => {
    const code = `import * as upper from '${module}';\nexport const used = upper;\n`;
    expect(await broken(file, code)).toEqual(['import-x/no-restricted-paths']);
  });

  it.each([
    ['src/text/wrong.ts', '@codemirror/state'],
    ['src/protocol/wrong.ts', '@jupyterlab/services'],
    ['src/session/wrong.ts', '@lumino/signaling'],
    ['src/editor/wrong.ts', '@jupyterlab/codemirror']
  ])('%s may not import %s', async (file, module) => {
    const code = `import * as forbidden from '${module}';\nexport const used = forbidden;\n`;
    expect(await broken(file, code)).toEqual(['no-restricted-imports']);
  });

  it('lets a layer import the ones below it', async () => {
    const code = `import * as text from '../text';\nexport const used = text;\n`;
    expect(await broken('src/session/right.ts', code)).toEqual([]);
  });
});
