// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { describe, expect, it, vi } from 'vitest';

import { UnavailablePage } from '../../src/document/unavailablePage';
import type { SpecConnection } from '../../src/session';
import { INITIAL_STATE } from '../../src/session/connectionState';

/** The connection of a spec that was deleted while it was open. */
function deleted(text: string): SpecConnection {
  const error = { code: 'SPEC_DELETED', message: '' };
  const state = { ...INITIAL_STATE, status: 'ended', error } as const;
  return { state, rescued: null, document: text, subscribe: () => () => {} } as never;
}

describe('the page in place of a spec that is gone', () => {
  it('saves its text under its title, however quick the click', async () => {
    const createSpec = vi.fn();
    const connection = deleted('---\ntitle: Churn model\n---\n');
    const trans = nullTranslator.load('');
    const page = new UnavailablePage({ connection, trans, login: () => null, createSpec });
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
});
