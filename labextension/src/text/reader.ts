import { unitIndex } from './codePoints';
import type { Component, Operation } from './operation';

/**
 * Reads the components of an operation once, in pieces of the size that the caller asks for. `transform` and
 * `compose` are built on it. After the last component it returns retains without end, since an operation
 * retains the rest of the text.
 */
export class Reader {
  private readonly components: readonly Component[];
  private index = 0;
  private rest: Component;

  constructor(operation: Operation) {
    this.components = operation.components;
    this.rest = this.components[0] ?? 0;
  }

  /** Whether only the endless retain is left. */
  get atEnd(): boolean {
    return this.index >= this.components.length;
  }

  /** Whether the next piece is inserted text. */
  get atInsert(): boolean {
    return !this.atEnd && typeof this.rest === 'string';
  }

  /** The whole rest of the current component. */
  take(): Component {
    const piece = this.rest;
    this.index++;
    this.rest = this.components[this.index] ?? 0;
    return piece;
  }

  /**
   * The next piece that covers at most `limit` > 0 code points of the base. An insert, which covers none, is
   * returned whole.
   */
  takeBase(limit: number): Component {
    if (this.atEnd) {
      return limit;
    }
    const rest = this.rest;
    if (typeof rest === 'string' || Math.abs(rest) <= limit) {
      return this.take();
    }
    const piece = rest > 0 ? limit : -limit;
    this.rest = rest - piece;
    return piece;
  }

  /**
   * The next piece that produces at most `limit` > 0 code points of the result. A delete, which produces none,
   * is returned whole.
   */
  takeResult(limit: number): Component {
    if (this.atEnd) {
      return limit;
    }
    const rest = this.rest;
    if (typeof rest === 'string') {
      const cut = unitIndex(rest, limit);
      if (cut < rest.length) {
        this.rest = rest.slice(cut);
        return rest.slice(0, cut);
      }
    } else if (rest > limit) {
      this.rest = rest - limit;
      return limit;
    }
    return this.take();
  }
}
