import { describe, expect, it } from 'vitest';

import { isLive, type LiveModel, LiveModels } from '../../src/notebook/liveModels';

function model(model_id: string, isDisposed: boolean): LiveModel {
  return {
    model_id,
    comm: { jsServicesComm: { isDisposed } },
    get: () => '',
    set: () => undefined,
    save_changes: () => undefined,
    on: () => undefined,
    off: () => undefined
  };
}

describe('the models of kernels’ widgets', () => {
  it('are told of when they come', () => {
    const models = new LiveModels();
    const added: string[] = [];
    models.added.connect((_, each) => added.push(each.model_id));
    const first = model('a', false);
    models.add(first);
    expect(added).toEqual(['a']);
    expect(models.get('a')).toBe(first);
    expect(models.get('b')).toBeNull();
  });

  it('are none any more once their kernel has ended', () => {
    const models = new LiveModels();
    models.add(model('a', true));
    expect(models.get('a')).toBeNull();
    expect(isLive({ ...model('a', false), comm: undefined })).toBe(false);
  });

  it('are replaced by one that the page has loaded anew', () => {
    const models = new LiveModels();
    const [old, fresh] = [model('a', false), model('a', false)];
    models.add(old);
    models.add(fresh);
    models.remove(old);
    expect(models.get('a')).toBe(fresh);
  });
});
