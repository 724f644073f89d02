// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { brokenRules } from './kit/lint';

describe('words that users read go through the translator', () => {
  it.each([
    'export const shown = <p>Not translated</p>;',
    'export const shown = <input placeholder="Your name" />;',
    'export const shown = <button aria-label={"Close it"} />;',
    "export const node = document.createElement('p');\nnode.textContent = 'Not translated';",
    "export const node = document.createElement('p');\nnode.setAttribute('aria-label', 'Not translated');",
    "export const command = { label: 'Not translated' };"
  ])('%s', async code => {
    expect(await brokenRules('src/specs/wrong.tsx', code)).toEqual(['no-restricted-syntax']);
  });

  it.each([
    "export const REFUSALS: Record<string, string> = { FORBIDDEN: 'You may no longer edit this spec.' };",
    "export const refused = { code: 'FORBIDDEN', message: 'You may no longer edit this spec.' };",
    "export const say = (tell: (text: string) => void) => tell('You may no longer edit this spec.');"
  ])('also where there is no translator: %s', async code => {
    for (const layer of ['sync', 'session', 'keeping', 'editor']) {
      expect(await brokenRules(`src/${layer}/wrong.ts`, code)).toEqual(['no-restricted-syntax']);
    }
  });

  it('and nothing else has to', async () => {
    const code = `
      declare const trans: { __(text: string): string };
      export const shown = <p className="jp-Spec" title={trans.__('Words')}>{trans.__('Words')} ⋅ 1</p>;
      export const plugin = { id: 'name', description: 'For administrators.' };
    `;
    expect(await brokenRules('src/specs/right.tsx', code)).toEqual([]);
    const thrown = `
      export const stop = () => {
        console.warn('Nothing is in flight.');
        throw new Error('There is no buffer to send.');
      };
      export const refused = { code: 'FORBIDDEN', message: '' };
    `;
    expect(await brokenRules('src/sync/right.ts', thrown)).toEqual([]);
  });
});
