// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';

import { Dialog, Notification, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { HeldDialogs } from '../../src/document/heldDialogs';
import { inBackground } from '../../src/ui/failure';

/** Opens the dialog that JupyterLab shows when it loses its server. */
const loseServer = () =>
  showDialog({
    title: 'Server Connection Error',
    body: 'No server.',
    buttons: [Dialog.cancelButton()]
  });

const shown = () =>
  [...document.querySelectorAll('.jp-Dialog')].map(dialog => (dialog as HTMLElement).ariaLabel);

/** Lets promises and timers of no delay come. */
const settled = () => new Promise(resolve => setTimeout(resolve, 5));

let isReachable = false;
let end: () => void;
let text: HTMLElement;
let cell: HTMLElement;

beforeEach(() => {
  document.body.innerHTML =
    '<div class="jp-SpecPane"><div class="cm-content" contenteditable="true" tabindex="0"></div></div>' +
    '<textarea class="cell"></textarea>';
  text = document.querySelector<HTMLElement>('.cm-content')!;
  cell = document.querySelector<HTMLElement>('.cell')!;
  isReachable = false;
  const trans = nullTranslator.load('');
  end = new HeldDialogs({ isReachable: () => isReachable, trans, labTrans: trans }).begin();
});

afterEach(async () => {
  vi.useRealTimers();
  end();
  await settled();
  while (shown().length > 0) {
    document.querySelector<HTMLElement>('.jp-Dialog button')?.click();
    await settled();
  }
  Notification.dismiss();
});

function write(): void {
  text.focus();
  text.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }));
}

describe('a dialog that nobody asked for', () => {
  it('waits while somebody writes in a spec, and comes when the focus is elsewhere', async () => {
    write();
    inBackground(loseServer());
    await settled();
    expect(shown()).toEqual([]);
    expect(document.activeElement).toBe(text);
    cell.focus();
    await settled();
    expect(shown()).toEqual(['Server Connection Error No server.']);
  });

  it('never comes if it is about a server that is back', async () => {
    write();
    const answer = loseServer();
    isReachable = true;
    cell.focus();
    expect((await answer).button.accept).toBe(false);
    expect(shown()).toEqual([]);
  });

  it('goes by itself when the server is back, so that JupyterLab goes on', async () => {
    vi.useFakeTimers();
    write();
    const answer = loseServer();
    await vi.advanceTimersByTimeAsync(5_000);
    isReachable = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await answer).button.accept).toBe(false);
    expect(shown()).toEqual([]);
  });

  it('is told in a notification where nothing else tells of it', async () => {
    write();
    inBackground(showErrorMessage('File Save Error for churn.ipynb', 'Failed to fetch'));
    await settled();
    expect(shown()).toEqual([]);
    expect(Notification.manager.notifications.map(({ message }) => message)).toEqual([
      'File Save Error for churn.ipynb Failed to fetch'
    ]);
    isReachable = true;
    cell.focus();
    await settled();
    expect(shown()).toEqual(['File Save Error for churn.ipynb Failed to fetch']);
    expect(Notification.manager.count).toBe(0);
  });

  it('does not stand before one that is asked for', async () => {
    write();
    inBackground(loseServer());
    text.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }));
    inBackground(showDialog({ title: 'Share', body: 'With whom?' }));
    await settled();
    expect(shown()).toEqual(['Share With whom?']);
  });

  it('comes as always where nobody writes in a spec', async () => {
    cell.focus();
    inBackground(loseServer());
    await settled();
    expect(shown()).toHaveLength(1);
  });
});
