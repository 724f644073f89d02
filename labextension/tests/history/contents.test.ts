// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { afterEach, expect, it, vi } from 'vitest';

import { HistoryContents } from '../../src/history/contents';
import type { HistoryApi } from '../../src/server/history';

const nothing = () => undefined;

function contents(): HistoryContents {
  return new HistoryContents({
    api: {} as HistoryApi,
    view: {
      trans: nullTranslator.load(''),
      locale: 'en',
      actions: { open: nothing, openVersion: nothing, showSpecs: nothing }
    }
  });
}

const button = (shown: HistoryContents) => shown.node.querySelector('button');
const drawn = (shown: HistoryContents) =>
  vi.waitFor(() => expect(button(shown)).not.toBeNull(), { timeout: 60_000 });

const shown: HistoryContents[] = [];
let idle: (() => void)[] = [];

/** In the page and activated, before React has drawn it. What waits for an idle moment waits for the test. */
function activated(): HistoryContents {
  idle = [];
  vi.spyOn(window, 'requestIdleCallback').mockImplementation(call =>
    idle.push(() => call({ didTimeout: false, timeRemaining: () => 5 }))
  );
  const made = contents();
  shown.push(made);
  Widget.attach(made, document.body);
  made.activate();
  MessageLoop.flush();
  return made;
}

afterEach(() => {
  shown.splice(0).forEach(each => each.dispose());
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

it('the history that was loaded just now has the focus when it is drawn', async () => {
  const made = activated();
  await drawn(made);
  idle.forEach(call => call());
  await vi.waitFor(() => expect(document.activeElement).toBe(button(made)), { timeout: 60_000 });
});

it('it leaves the focus where the user has gone meanwhile', async () => {
  const made = activated();
  const text = document.createElement('textarea');
  document.body.append(text);
  text.focus();
  await drawn(made);
  idle.forEach(call => call());
  await new Promise(resolve => setTimeout(resolve, 0));
  expect(document.activeElement).toBe(text);
});

it('that is drawn already has it at once', async () => {
  const made = activated();
  await drawn(made);
  made.activate();
  MessageLoop.flush();
  expect(document.activeElement).toBe(button(made));
});
