import { describe, expect, it } from 'vitest';

import { targetOf } from '../../src/preview/links';
import { placeOf, workspacePath } from '../../src/preview/pictures';

const page = { url: 'https://hub.example/user/ada/lab/workspaces/x?y=1' };
const ID = 'ab'.repeat(32);

describe('where a link leads', () => {
  it.each([
    ['#fr-003', { kind: 'heading', heading: 'fr-003' }],
    ['#%C3%BCber', { kind: 'heading', heading: 'über' }],
    ['?spec=42', { kind: 'spec', specId: '42', heading: '' }],
    ['?spec=42#why', { kind: 'spec', specId: '42', heading: 'why' }],
    [
      'https://hub.example/hub/user-redirect/lab?spec=42',
      { kind: 'spec', specId: '42', heading: '' }
    ],
    [
      'https://other.example/lab?spec=42',
      { kind: 'outside', url: 'https://other.example/lab?spec=42' }
    ],
    ['data/churn.ipynb', { kind: 'file', path: 'data/churn.ipynb', heading: '' }],
    ['./a%20b.md#c', { kind: 'file', path: 'a b.md', heading: 'c' }],
    ['/x/../y.csv', { kind: 'file', path: 'y.csv', heading: '' }],
    [`attachments/${ID}.png`, { kind: 'attachment', attachmentId: ID }],
    ['https://example.org', { kind: 'outside', url: 'https://example.org/' }],
    ['mailto:a@example.org', { kind: 'outside', url: 'mailto:a@example.org' }],
    ['../../etc/passwd', null],
    ['javascript:x', null],
    ['#', null]
  ])('%s', (href, target) => {
    expect(targetOf(href, page)).toEqual(target);
  });
});

describe('where a picture is', () => {
  it.each([
    ['data:image/png;base64,AA', { kind: 'data' }],
    ['data:text/html,x', { kind: 'nowhere' }],
    [`attachments/${ID}.svg`, { kind: 'attachment', attachmentId: ID }],
    [`./attachments/${ID}`, { kind: 'attachment', attachmentId: ID }],
    ['plots/a.png?x#y', { kind: 'file', path: 'plots/a.png' }],
    ['blob:https://hub.example/x', { kind: 'nowhere' }]
  ])('%s', (src, place) => {
    expect(placeOf(src, page.url)).toEqual(place);
  });

  it.each([
    'https://a.example/b.png',
    '//a.example/b.png',
    'https:a.example/b.png',
    '\\\\a.example\\b.png',
    '/\\a.example/b.png',
    ' https://a.example/b.png',
    'ht\ttps://a.example/b.png',
    'https://hub.example/logout'
  ])('%j is fetched only when somebody asks for it', src => {
    expect(['elsewhere', 'nowhere']).toContain(placeOf(src, page.url).kind);
  });

  it('nothing leads out of the workspace', () => {
    expect(workspacePath('a/../../b')).toBeNull();
    expect(workspacePath('%2e%2e/b')).toBeNull();
    expect(workspacePath('a/%2e%2e/b')).toBe('b');
  });
});
