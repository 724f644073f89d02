import { describe, expect, it } from 'vitest';

import { writingStart } from '../../src/markdown/writingStart';

/** A text with `|` where writing begins. */
function begins(marked: string): void {
  const text = marked.replace('|', '');
  const at = writingStart(text);
  expect(`${text.slice(0, at)}|${text.slice(at)}`).toBe(marked);
}

describe('writing begins', () => {
  it('below the heading of a new spec, with front matter or without', () => {
    begins('# Churn\n\n|');
    begins('---\nstatus: draft\ntype: feature\n---\n\n# Churn\n|\n## Problem\n\n## Goals\n');
    begins('# Churn\n\n|\n## Problem\n');
    begins('# Churn\n|Text.');
    begins('# Churn|');
    begins('Churn\n=====\n|Text.');
  });

  it('never before front matter or in it', () => {
    begins('---\nstatus: draft\n---\n|Text.');
    begins('---\nstatus: draft\n---|');
    begins('---\n---\n|');
    begins('\uFEFF---\ntitle: "a\n\n# b"\n---\n\n# Title\n|');
  });

  it('at the top of a text that does not begin with a heading', () => {
    begins('|');
    begins('|Text.\n\n# Later\n');
    begins('|---\n\nA rule, and no front matter.');
    begins('|```\n# code\n```\n');
  });
});
