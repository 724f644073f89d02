import { afterEach, describe, expect, it, vi } from 'vitest';

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

describe('without the server, which sends the parser of front matter', () => {
  const markdown = '---\ntitle: Churn model\n---\n# Heading';

  afterEach(() => {
    vi.doUnmock('yaml');
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('the first heading is the title', async () => {
    vi.doMock('yaml', () => Promise.reject(new Error('Loading chunk 12 failed.')));
    vi.spyOn(console, 'warn').mockReturnValue();
    expect(await titleOf(markdown, 'notes')).toBe('Heading');
    expect(await titleOf('---\ntitle: Churn model\n---\ntext', 'notes')).toBe('notes');
  });

  it('it is found in the end, even if the server never answers', async () => {
    vi.doMock('yaml', () => new Promise(() => {}));
    vi.useFakeTimers();
    const found = titleOf(markdown, 'notes');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await found).toBe('Heading');
  });
});
