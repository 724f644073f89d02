/** Whether it is told who wrote what: the choice holds while the code for it is on its way. */
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { OFF, type TintChoice, TintMemory } from '../../src/history/authors/choice';
import type { SpecAuthors } from '../../src/history/authors/specAuthors';
import { Tint } from '../../src/history/authors/tint';

const SPEC = 'spec-1';
const ON: TintChoice = { ...OFF, isOn: true };

/** What is loaded: it keeps the last choice. */
class Authors {
  choice: TintChoice;
  isDisposed = false;
  readonly changed = { connect: () => true };

  constructor(choice: TintChoice) {
    this.choice = choice;
  }

  choose(change: Partial<TintChoice>): void {
    this.choice = { ...this.choice, ...change };
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

/** A tint whose code comes or fails when the test says so. */
function tinted(memory = new TintMemory(localStorage)) {
  const calls: { come(): Authors; fail(error: unknown): void }[] = [];
  const failed = vi.fn();
  const tint = new Tint({
    specId: SPEC,
    memory,
    failed,
    begin: choice =>
      new Promise((resolve, reject) =>
        calls.push({
          come: () => {
            const authors = new Authors(choice);
            resolve(authors as unknown as SpecAuthors);
            return authors;
          },
          fail: reject
        })
      )
  });
  return { tint, calls, failed };
}

const settled = () => new Promise(resolve => setTimeout(resolve, 0));

describe('whether it is told who wrote what', () => {
  beforeEach(() => localStorage.clear());

  it('loads nothing while it is off', () => {
    const { tint, calls } = tinted();
    expect(tint.choice).toEqual(OFF);
    tint.choose({ mode: 'age' });
    expect(calls).toHaveLength(0);
    expect(new TintMemory(localStorage).choiceOf(SPEC).mode).toBe('age');
  });

  it('is loaded when it is switched on, once, and has what was chosen meanwhile', async () => {
    const { tint, calls } = tinted();
    tint.choose({ isOn: true });
    expect(tint.choice.isOn).toBe(true);
    tint.choose({ mode: 'age' });
    expect(calls).toHaveLength(1);
    const authors = calls[0]!.come();
    await settled();
    expect(authors.choice).toEqual({ ...ON, mode: 'age' });
    tint.choose({ isOn: false });
    expect(authors.choice.isOn).toBe(false);
    expect(tint.choice.isOn).toBe(false);
    tint.dispose();
    expect(authors.isDisposed).toBe(true);
  });

  it('is loaded at once where it was on before', () => {
    new TintMemory(localStorage).keep(SPEC, ON);
    const { tint, calls } = tinted();
    expect(tint.choice).toEqual(ON);
    expect(calls).toHaveLength(1);
  });

  it('is off again where it did not come, says so, and may be switched on again', async () => {
    const { tint, calls, failed } = tinted();
    const told = vi.fn();
    tint.changed.connect(told);
    tint.choose({ isOn: true });
    const error = new Error('Loading chunk 7 failed.');
    calls[0]!.fail(error);
    await settled();
    expect(failed).toHaveBeenCalledWith(error);
    expect(tint.choice.isOn).toBe(false);
    expect(told).toHaveBeenCalledTimes(2);
    tint.choose({ isOn: true });
    expect(calls).toHaveLength(2);
  });

  it('ends what comes when the spec is closed', async () => {
    const { tint, calls } = tinted();
    tint.choose({ isOn: true });
    tint.dispose();
    const authors = calls[0]!.come();
    await settled();
    expect(authors.isDisposed).toBe(true);
  });
});
