import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { name, version } from '../../package.json';
import type { SpecConnection } from '../../src/session';
import { INITIAL_STATE } from '../../src/session/connectionState';
import { Text } from '../../src/text';
import { MODULE_NAME, MODULE_VERSION } from '../../src/notebook/widgetModule';
import { intervalFor, type LiveTraits, TraitWriter } from '../../src/notebook/traits';

/** The part of a connection that is used here. */
class FakeConnection {
  state = INITIAL_STATE;
  document = Text.of('');
  readonly listeners = new Set<() => void>();

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onChange(listener: () => void): () => void {
    return this.subscribe(listener);
  }

  shows(text: string, version: number): void {
    this.document = Text.of(text);
    this.state = { ...this.state, status: 'synchronised', version };
    this.listeners.forEach(listener => listener());
  }
}

describe('TraitWriter', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function writer(): { connection: FakeConnection; told: LiveTraits[]; written: TraitWriter } {
    const connection = new FakeConnection();
    const told: LiveTraits[] = [];
    const written = new TraitWriter(connection as unknown as SpecConnection, traits =>
      told.push(traits)
    );
    return { connection, told, written };
  }

  it('writes nothing before the document has loaded', () => {
    const { told } = writer();
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
  });

  it('writes the newest traits, at most five times a second', () => {
    const { connection, told } = writer();
    for (let version = 1; version <= 100; version++) {
      connection.shows(`text ${version}`, version);
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(1000);
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.at(-1)).toMatchObject({
      content: 'text 100',
      version: 100,
      status: 'synchronised'
    });
  });

  it('writes large texts less often', () => {
    expect(intervalFor(10)).toBe(200);
    expect(intervalFor(100_000)).toBe(2000);
    expect(intervalFor(2_000_000)).toBe(5000);
  });

  it('writes nothing after it was disposed', () => {
    const { connection, told, written } = writer();
    connection.shows('a', 1);
    written.dispose();
    connection.shows('b', 2);
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
    expect(connection.listeners.size).toBe(0);
  });
});

describe('the widget’s module', () => {
  it('has the name and version of the npm package', () => {
    expect([MODULE_NAME, MODULE_VERSION]).toEqual([name, version]);
  });
});
