/** Reads the test vectors for both languages, and those of ottypes' text type. */
import { readFileSync } from 'node:fs';

import { codePointLength, Operation, type Component } from '../../src/text';

/** The folder of published data files. Tests that need them are skipped without it. */
export const SHARED_DATA = process.env['SPECCOLLAB_DATA'] ?? '';

/** The folder of the test vectors for both languages. */
export const VECTORS = `${import.meta.dirname}/../../../tests/vectors/`;

/** The cases of a file with one JSON object in each line. */
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
