/** Reads the vectors that both languages pass, and those of ottypes' text type. */
import { readFileSync } from 'node:fs';

import { codePointLength, Operation, type Component } from '../../src/text';

/** Where the data files lie that others published; tests that need them are skipped without. */
export const SHARED_DATA = process.env['SPECCOLLAB_DATA'] ?? '';

/** Where the cases lie that both languages pass. */
export const VECTORS = new URL('../../../tests/vectors/', import.meta.url).pathname;

/** The cases of a file with one JSON object a line. */
export function read<T>(path: string | URL): T[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter(line => line).map(line => JSON.parse(line) as T);
}

export type OttypesComponent = number | string | { d: number | string };

/** A number retains, a text inserts, `{d: ...}` deletes. */
export function ottypesOperation(components: OttypesComponent[]): Operation {
  return Operation.of(...components.map(componentOf));
}

function componentOf(component: OttypesComponent): Component {
  if (typeof component !== 'object') {
    return component;
  }
  return -(typeof component.d === 'number' ? component.d : codePointLength(component.d));
}
