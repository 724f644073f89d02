// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { describe, expect, it, vi } from 'vitest';

import { UnavailablePage } from '../../src/document/unavailablePage';
import type { Role } from '../../src/protocol';
import type { SpecConnection } from '../../src/session';
import { INITIAL_STATE } from '../../src/session/connectionState';

/** The connection of a spec that was deleted while it was open. */
function deleted(text: string, role: Role = 'contributor'): SpecConnection {
  const error = { code: 'SPEC_DELETED', message: '' };
  const state = { ...INITIAL_STATE, status: 'ended', error, role } as const;
  return { state, rescued: null, document: text, subscribe: () => () => {} } as never;
}

describe('the page in place of a spec that is gone', () => {
  it('saves its text under its title, however quick the click', async () => {
    const [createSpec, restore] = [vi.fn(), vi.fn()];
    const connection = deleted('---\ntitle: Churn model\n---\n');
    const trans = nullTranslator.load('');
    const page = new UnavailablePage({ connection, trans, login: () => null, createSpec, restore });
    Widget.attach(page, document.body);
    await vi.waitUntil(() => page.node.querySelector('button'), { interval: 0 });
    const buttons = [...page.node.querySelectorAll('button')];
    buttons.find(each => each.textContent === 'Save as new spec')?.click();
    await vi.waitUntil(() => createSpec.mock.calls.length > 0);
    expect(createSpec).toHaveBeenCalledExactlyOnceWith(
      'Churn model',
      '---\ntitle: Churn model\n---\n'
    );
  });

  it('offers an owner to restore it', async () => {
    const restore = vi.fn();
    const trans = nullTranslator.load('');
    const connection = deleted('# Churn\n', 'owner');
    const login = () => null;
    const page = new UnavailablePage({ connection, trans, login, createSpec: vi.fn(), restore });
    Widget.attach(page, document.body);
    await vi.waitUntil(() => page.node.querySelector('button'), { interval: 0 });
    const [first, ...others] = page.node.querySelectorAll('button');
    expect(first?.textContent).toBe('Restore');
    expect(others.map(each => each.textContent)).not.toContain('Try again');
    first?.click();
    expect(restore).toHaveBeenCalledOnce();
  });
});
