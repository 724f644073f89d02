import '../kit/lab';

import type { IRouter, JupyterFrontEnd } from '@jupyterlab/application';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { describe, expect, it, vi } from 'vitest';

import { addSpecRoute } from '../../src/document/route';
import { linkTo } from '../../src/server/specLink';
import type { ISpecDocuments } from '../../src/tokens';
import { CommandIDs } from '../../src/ui/commandIds';
import { eventually } from '../kit/eventually';

/** A page that routes addresses, and what it did for one. */
function page({ hasComments = true } = {}) {
  const commands = new CommandRegistry();
  const shell = { currentWidget: null as object | null };
  const router = { navigate: vi.fn(), register: vi.fn() };
  const done: unknown[] = [];
  const documents = {
    open: (specId: string, options: object) => {
      done.push(['open', specId, options]);
    }
  };
  if (hasComments) {
    commands.addCommand(CommandIDs.showThread, {
      execute: args => {
        done.push(['thread', args]);
      }
    });
  }
  const app = { commands, shell, restored: Promise.resolve() } as unknown as JupyterFrontEnd;
  addSpecRoute(
    app,
    router as unknown as IRouter,
    documents as unknown as ISpecDocuments,
    nullTranslator.load('')
  );
  const go = async (address: string) => {
    const { pathname: path, search, hash } = new URL(address, 'https://lab/');
    await commands.execute(CommandIDs.openFromAddress, { path, search, hash });
  };
  return { router, shell, done, go };
}

describe('an address with a spec', () => {
  it('is one that the router knows', () => {
    const { router } = page();
    const { pattern, command } = router.register.mock.calls[0]![0] as IRouter.IRegisterOptions;
    expect(command).toBe(CommandIDs.openFromAddress);
    const link = new URL(linkTo('the-spec', 'the-thread'));
    expect(pattern.test(link.pathname + link.search)).toBe(true);
    expect(pattern.test('/lab?special=1')).toBe(false);
  });

  it('opens the spec first and then its comment, and is left in the end', async () => {
    const { go, done, router } = page();
    await go('/lab/tree?spec=the-spec&thread=the-thread&reset=1');
    await eventually(() => expect(done).toHaveLength(2));
    expect(done).toEqual([
      ['open', 'the-spec', { heading: '' }],
      ['thread', { specId: 'the-spec', threadId: 'the-thread' }]
    ]);
    expect(router.navigate).toHaveBeenCalledWith('/lab/tree?reset=1', { skipRouting: true });
  });

  it('leads to what a copied link names', async () => {
    const { go, done } = page();
    await go(linkTo('a b', 'c&d'));
    await eventually(() =>
      expect(done.at(-1)).toEqual(['thread', { specId: 'a b', threadId: 'c&d' }])
    );
  });

  it('opens the spec alone without a comment, and where nothing shows comments', async () => {
    const bare = page();
    await bare.go('/lab?spec=the-spec#Goals%20%26%20more');
    const without = page({ hasComments: false });
    await without.go('/lab?spec=the-spec&thread=the-thread');
    await eventually(() => expect([bare.done.length, without.done.length]).toEqual([1, 1]));
    expect(bare.done[0]).toEqual(['open', 'the-spec', { heading: 'Goals & more' }]);
  });

  it('opens the spec beside the file that the same address opens', async () => {
    const { go, done, shell } = page();
    await go('/lab/tree/churn.ipynb?spec=the-spec&thread=the-thread');
    shell.currentWidget = { id: 'notebook', context: {} };
    await eventually(() => expect(done).toHaveLength(2));
    expect(done[0]).toEqual([
      'open',
      'the-spec',
      { heading: '', mode: 'split-right', ref: 'notebook' }
    ]);
  });

  it('without a name opens nothing', async () => {
    const { go, done, router } = page();
    await go('/lab?spec=');
    expect([done, router.navigate.mock.calls]).toEqual([[], []]);
  });
});
