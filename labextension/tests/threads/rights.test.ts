// @vitest-environment node
import { describe, expect, it } from 'vitest';

import type { Role } from '../../src/protocol';
import { mayEditMessage, mayRemoveMessage, rightsIn } from '../../src/threads/rights';
import { message, thread } from './threads';

/** The rights that are given, by name. */
function given(of: ReturnType<typeof thread>, role: Role | null, me = 'me'): string[] {
  return Object.entries(rightsIn(of, role, me))
    .filter(([, isGiven]) => isGiven)
    .map(([name]) => name);
}

describe('what one may do with a thread', () => {
  it('is nothing for viewers', () => {
    for (const role of ['viewer', null] as const) {
      for (const kind of ['comment', 'suggestion'] as const) {
        expect(given(thread('t', { kind, createdBy: 'me' }), role)).toEqual([]);
      }
    }
  });

  it('is to resolve comments and to open them again for commenters', () => {
    const comment = thread('t', { kind: 'comment', createdBy: 'other' });
    expect(given(comment, 'commenter')).toEqual(['mayReply', 'mayResolve']);
    expect(given({ ...comment, state: 'resolved' }, 'commenter')).toEqual([
      'mayReply',
      'mayReopen'
    ]);
  });

  it('is to decide about suggestions for those who may edit, and to reject for who made it', () => {
    const suggestion = thread('t', { kind: 'suggestion', createdBy: 'other' });
    expect(given(suggestion, 'commenter')).toEqual(['mayReply']);
    expect(given({ ...suggestion, createdBy: 'me', messages: [] }, 'commenter')).toEqual([
      'mayReply',
      'mayReject',
      'mayRemove'
    ]);
    expect(given(suggestion, 'contributor')).toEqual(['mayReply', 'mayAccept', 'mayReject']);
    expect(given({ ...suggestion, state: 'rejected' }, 'contributor')).toEqual([
      'mayReply',
      'mayReopen'
    ]);
    expect(given({ ...suggestion, state: 'accepted' }, 'contributor')).toEqual(['mayReply']);
  });

  it('is to delete it for admins, and for who made it while nobody answered', () => {
    const mine = thread('t', {
      kind: 'comment',
      createdBy: 'me',
      messages: [message('Yes', { userId: 'me' })]
    });
    expect(rightsIn(mine, 'commenter', 'me').mayRemove).toBe(true);
    const answered = { ...mine, messages: [...mine.messages, message('Yes', { userId: 'other' })] };
    expect(rightsIn(answered, 'contributor', 'me').mayRemove).toBe(false);
    expect(rightsIn(answered, 'admin', 'me').mayRemove).toBe(true);
  });

  it('is to change and delete one’s own messages, and for admins to delete all', () => {
    const [mine, other] = [message('Yes', { userId: 'me' }), message('Yes', { userId: 'other' })];
    expect(mayEditMessage(mine, 'commenter', 'me')).toBe(true);
    expect(mayEditMessage(mine, 'viewer', 'me')).toBe(false);
    expect(mayEditMessage({ ...mine, deleted: true }, 'owner', 'me')).toBe(false);
    expect(mayEditMessage(other, 'owner', 'me')).toBe(false);
    expect([
      mayRemoveMessage(mine, 'commenter', 'me'),
      mayRemoveMessage(other, 'contributor', 'me'),
      mayRemoveMessage(other, 'admin', 'me')
    ]).toEqual([true, false, true]);
  });
});
