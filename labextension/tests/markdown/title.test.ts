import { describe, expect, it } from 'vitest';

import { TITLE_LENGTH, titleOf } from '../../src/markdown/title';

describe('titleOf', () => {
  it.each([
    ['---\ntitle: Churn model\nstatus: draft\n---\n# Other', 'Churn model'],
    ['---\nstatus: draft\ntitle: "Churn: model"\n---\n', 'Churn: model'],
    ['---\nstatus: draft\n---\n\n## Second level ##\n', 'Second level'],
    ['text\n\n# Heading\n', 'Heading'],
    ['```sh\n# a comment\n```\n\n# Heading', 'Heading'],
    ['title: not front matter', 'notes'],
    ['', 'notes'],
    ['#hashtag', 'notes'],
    ['---\ntitle: Churn # ask Bo\n---\n', 'Churn'],
    ['\uFEFF---\ntitle: >-\n  Churn\n  model\n---\n', 'Churn model'],
    ['---\ntitle: "broken\n---\n# Heading 😀', 'Heading 😀'],
    ['# \u202Eevil', 'evil']
  ])('%j is called %j', async (markdown, title) => {
    expect(await titleOf(markdown, 'docs/notes.md')).toBe(title);
  });

  it('is never empty nor longer than the server accepts', async () => {
    expect(await titleOf('', '')).toBe('Untitled');
    expect([...(await titleOf(`# ${'😀'.repeat(300)}`, ''))]).toHaveLength(TITLE_LENGTH);
  });
});
