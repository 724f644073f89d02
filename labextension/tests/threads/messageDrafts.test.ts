// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { MessageDrafts, type NewDraft } from '../../src/threads/messageDrafts';
import { MemoryStorage } from './memoryBrowser';

const REPLY = { kind: 'reply', threadId: 't' } as const;
const EDIT = { kind: 'edit', messageId: 't' } as const;
const BEGUN: NewDraft = {
  kind: 'comment',
  start: 1,
  end: 2,
  quote: 'h',
  body: 'Why?',
  replacement: ''
};

describe('drafts of messages', () => {
  it('outlive their page, each in its place', () => {
    const storage = new MemoryStorage();
    const drafts = new MessageDrafts(storage, 'spec');
    drafts.write(REPLY, 'Yes');
    drafts.write(EDIT, 'No');
    drafts.begun = BEGUN;
    const again = new MessageDrafts(storage, 'spec');
    expect([again.read(REPLY), again.read(EDIT), again.begun]).toEqual(['Yes', 'No', BEGUN]);
    const other = new MessageDrafts(storage, 'other spec');
    expect([other.read(REPLY), other.begun]).toEqual(['', null]);
    again.write(REPLY, '');
    again.write(EDIT, '');
    again.begun = null;
    expect(storage.length).toBe(0);
  });

  it('tell when one begins or ends, not of each letter', () => {
    const drafts = new MessageDrafts(new MemoryStorage(), 'spec');
    let told = 0;
    drafts.changed.add(() => (told += 1));
    ['Y', 'Ye', 'Yes'].forEach(body => drafts.write(REPLY, body));
    expect(told).toBe(1);
    drafts.write(REPLY, '');
    expect(told).toBe(2);
  });

  it('live as long as the page where the browser has no room', () => {
    const storage = new MemoryStorage();
    const drafts = new MessageDrafts(storage, 'spec');
    drafts.write(REPLY, 'old');
    storage.isFull = true;
    drafts.write(REPLY, 'new');
    expect(drafts.read(REPLY)).toBe('new');
    drafts.write(REPLY, '');
    expect([drafts.read(REPLY), storage.length]).toEqual(['', 0]);
  });

  it('that can’t be read are none', () => {
    const storage = new MemoryStorage();
    new MessageDrafts(storage, 'spec').begun = BEGUN;
    storage.items.forEach((_, key) => storage.items.set(key, '{'));
    expect(new MessageDrafts(storage, 'spec').begun).toBeNull();
  });
});
