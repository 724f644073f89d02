// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';

import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SpecError } from '../../src/server/error';
import { inBackground, told, unawaited } from '../../src/ui/failure';

const trans = nullTranslator.load('');
const unforeseen = () => Promise.reject(new TypeError('x is undefined.'));
const FAILED = 'The spec could not be renamed.';

const messages = () => Notification.manager.notifications.map(({ message }) => message);
const settled = () => new Promise(resolve => setTimeout(resolve, 0));

describe('a failure', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue());
  afterEach(() => {
    Notification.manager.dismiss();
    vi.restoreAllMocks();
  });

  it('that nobody foresaw is told with what failed', async () => {
    expect(await told(unforeseen, FAILED, trans)).toBeNull();
    unawaited(unforeseen(), FAILED, trans);
    await settled();
    const sentence =
      'The spec could not be renamed. The reason is not one of the known ones: x is undefined. ' +
      'Reload the page, then try again.';
    expect(messages()).toEqual([sentence, sentence]);
    expect(console.error).toHaveBeenCalledTimes(2);
  });

  it('to load a part of the code is told with what to do', async () => {
    const error = Object.assign(new Error('Loading chunk 7 failed.'), { name: 'ChunkLoadError' });
    expect(await told(() => Promise.reject(error), FAILED, trans)).toBeNull();
    expect(messages()).toEqual([
      'The spec could not be renamed. A part of the page did not load. Check the network, then try again. ' +
        'If that does not help, the server has a new version: reload the page.'
    ]);
  });

  it('that explains itself is told as it is', async () => {
    await told(() => Promise.reject(new SpecError('FORBIDDEN', 'Not you.')), FAILED, trans);
    expect(messages()).toEqual(['Not you.']);
  });

  it('of what nobody asked for is only logged', async () => {
    inBackground(unforeseen());
    await settled();
    expect(messages()).toEqual([]);
    expect(console.error).toHaveBeenCalledOnce();
  });

  it('to reach the server is told by the notice alone', async () => {
    inBackground(Promise.reject(new SpecError(SpecError.UNREACHABLE, 'Failed to fetch')));
    await settled();
    expect(messages()).toEqual([]);
    expect(console.error).not.toHaveBeenCalled();
  });
});
