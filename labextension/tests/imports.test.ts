// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { brokenRules } from './kit/lint';

/** The rules that a file at this path, with an import of `module`, would break. */
function rulesBrokenBy(filePath: string, module: string): Promise<(string | null)[]> {
  const code = `import * as imported from '${module}';\nexport const used = imported;\n`;
  return brokenRules(filePath, code);
}

describe('imports go one way: from index to the panels and down the layers', () => {
  it.each([
    ['src/text/wrong.ts', '../markdown/title'],
    ['src/markdown/wrong.ts', '../runtime'],
    ['src/runtime/wrong.ts', '../protocol'],
    ['src/protocol/wrong.ts', '../sync'],
    ['src/protocol/wrong.ts', '../session/reconnect'],
    ['src/sync/wrong.ts', '../presence'],
    ['src/presence/wrong.ts', '../keeping'],
    ['src/keeping/wrong.ts', '../session'],
    ['src/session/wrong.ts', '../editor'],
    ['src/session/wrong.ts', '../tokens'],
    ['src/editor/wrong.ts', '../server/specs'],
    ['src/editor/wrong.ts', '../ui/avatar'],
    ['src/server/wrong.ts', '../ui/errorSentence'],
    ['src/server/wrong.ts', '../specs/list'],
    ['src/ui/wrong.ts', '../document/document'],
    ['src/document/wrong.ts', '../status/statusItem'],
    ['src/document/wrong.ts', '../sharing/sentences'],
    ['src/sharing/wrong.ts', '../specs/emptyStates'],
    ['src/specs/wrong.ts', '../document/documents'],
    ['src/status/wrong.ts', '../notebook/traits'],
    ['src/notebook/wrong.ts', '../specs/list'],
    ['src/rescue/wrong.ts', '../specs/list'],
    ['src/specs/wrong.ts', '../index'],
    ['src/tokens.ts', './document/documents']
  ])('%s may not import %s', async (file, module) => {
    expect(await rulesBrokenBy(file, module)).toEqual(['import-x/no-restricted-paths']);
  });

  it.each([
    ['src/text/wrong.ts', '@codemirror/state'],
    ['src/markdown/wrong.ts', '@jupyterlab/coreutils'],
    ['src/runtime/wrong.ts', '@lumino/signaling'],
    ['src/protocol/wrong.ts', '@jupyterlab/services'],
    ['src/session/wrong.ts', '@lumino/signaling'],
    ['src/editor/wrong.ts', '@jupyterlab/codemirror']
  ])('%s may not import %s', async (file, module) => {
    expect(await rulesBrokenBy(file, module)).toEqual(['no-restricted-imports']);
  });

  it.each([
    ['src/session/right.ts', '../text'],
    ['src/ui/right.ts', '../server/error'],
    ['src/server/right.ts', '../tokens'],
    ['src/status/right.ts', '../document/document'],
    ['src/specs/right.ts', '../sharing/dialog'],
    ['src/index.ts', './specs/plugin']
  ])('%s may import %s', async (file, module) => {
    expect(await rulesBrokenBy(file, module)).toEqual([]);
  });
});
