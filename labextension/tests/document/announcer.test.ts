import type { TranslationBundle } from '@jupyterlab/translation';
import { expect, it } from 'vitest';

import { Announcer } from '../../src/document/announcer';
import type { SpecConnection } from '../../src/session';
import { type ConnectionState, INITIAL_STATE } from '../../src/session/connectionState';

const fill = (text: string, args: unknown[]) =>
  text.replace(/%(\d)/g, (_, n: string) => String(args[Number(n) - 1]));
const trans = {
  __: (text: string, ...args: unknown[]) => fill(text, args),
  _n: (one: string, many: string, n: number, ...args: unknown[]) =>
    fill(n === 1 ? one : many, [n, ...args])
} as unknown as TranslationBundle;

/** A connection whose state is set by the test. */
function open() {
  const listeners = new Set<() => void>();
  const connection = {
    state: { ...INITIAL_STATE, role: 'contributor' } as ConnectionState,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    }
  };
  const become = (state: Partial<ConnectionState>) => {
    connection.state = { ...connection.state, ...state };
    listeners.forEach(listener => listener());
  };
  return { connection: connection as unknown as SpecConnection, become, listeners };
}

/** What was written into live regions of the page, in order. */
function heard(): string[] {
  const said: string[] = [];
  new MutationObserver(records =>
    records.forEach(({ target, addedNodes }) => {
      const region = (target as Element).closest('[role=status]');
      const text = [...addedNodes].map(node => node.textContent).join('');
      if (region && text) {
        said.push(text);
      }
    })
  ).observe(document.body, { childList: true, subtree: true });
  return said;
}

const settled = () => new Promise(resolve => setTimeout(resolve, 0));

it('what happens to a spec is said once, in one region of the page, however many views it has', async () => {
  const said = heard();
  const { connection, become, listeners } = open();
  const announcer = new Announcer(trans);
  const views = [announcer.follow(connection), announcer.follow(connection)];
  const other = announcer.follow(open().connection);
  await settled();
  const trouble = { code: 'STORE_UNAVAILABLE', message: 'The disk is full.', since: 0 };
  become({ status: 'saving', pendingOperations: 1, trouble });
  await settled();
  become({ pendingOperations: 2 });
  become({ trouble: { ...trouble, message: 'The disk is full: 9 bytes are missing.' } });
  await settled();
  become({ status: 'synchronised', trouble: null, pendingOperations: 0, relief: 'saved' });
  await settled();
  become({ role: 'viewer', relief: null });
  await settled();
  expect(said).toEqual([
    expect.stringContaining('The disk is full.'),
    'All edits saved.',
    'Your role was changed. You can view this spec. Ask an owner of this spec if you need to edit it.'
  ]);
  expect(document.querySelectorAll('[role=status]')).toHaveLength(1);
  views.forEach(view => view.dispose());
  other.dispose();
  expect(listeners.size).toBe(0);
  expect(document.querySelector('[role=status]')?.childElementCount).toBe(0);
});

it('a loss, what is kept and the return are said, and no second of the countdown', async () => {
  const said = heard();
  const { connection, become } = open();
  const view = new Announcer(trans).follow(connection);
  await settled();
  const lost = { status: 'offline', canEdit: true, lostSince: 0 } as const;
  for (let second = 12; second > 0; second--) {
    become({ ...lost, attempts: 2 + (second % 3), retryInSeconds: second });
    await settled();
  }
  become({ pendingOperations: 1 });
  await settled();
  become({ pendingOperations: 40, retryInSeconds: null });
  await settled();
  become({ status: 'saving', lostSince: null, relief: 'connected' });
  await settled();
  become({ status: 'synchronised', pendingOperations: 0, relief: 'saved' });
  await settled();
  expect(said).toEqual([
    expect.stringMatching(
      /^Offline since .* You can go on typing: your edits are kept in this browser/
    ),
    expect.stringMatching(/^Offline since .* 1 edit is kept in this browser until it is sent\./),
    'Back online. Your edits are being sent.',
    'All edits saved.'
  ]);
  expect(said.join()).not.toContain('next try');
  view.dispose();
});
