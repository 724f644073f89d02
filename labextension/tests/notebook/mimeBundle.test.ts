import { describe, expect, it } from 'vitest';

import {
  keptText,
  LONGEST_TEXT,
  readBundle,
  SPEC_MIME_TYPE,
  textToKeep
} from '../../src/notebook/mimeBundle';

describe('the output of a cell', () => {
  it('says which spec it shows', () => {
    const own = { spec: 'Churn', specId: 'id', modelId: 'model', height: '20em' };
    expect(readBundle({ [SPEC_MIME_TYPE]: own })).toEqual(own);
  });

  it('is read without harm where it is wrong', () => {
    const empty = { spec: '', specId: '', modelId: '', height: '' };
    for (const wrong of [undefined, null, 'text', ['list'], 7]) {
      expect(readBundle({ [SPEC_MIME_TYPE]: wrong })).toEqual(empty);
    }
    expect(readBundle({ [SPEC_MIME_TYPE]: { spec: 7, specId: null } })).toEqual(empty);
  });

  it('has kept the text, in one piece or in lines', () => {
    expect(keptText({ 'text/markdown': '# Churn\n' })).toBe('# Churn\n');
    expect(keptText({ 'text/markdown': ['# Churn\n', 'Text.'] })).toBe('# Churn\nText.');
    expect(keptText({})).toBe('');
    expect(keptText({ 'text/markdown': 7 })).toBe('');
  });

  it('keeps it without front matter, and not without end', () => {
    expect(textToKeep('---\ntitle: Churn\n---\n\n# Churn\n')).toBe('# Churn\n');
    expect(textToKeep('# Churn\n\n---\n')).toBe('# Churn\n\n---\n');
    expect(textToKeep('---\nno end')).toBe('---\nno end');
    expect(textToKeep('x'.repeat(LONGEST_TEXT + 1))).toBe(`${'x'.repeat(LONGEST_TEXT)}\n\n…\n`);
  });
});
