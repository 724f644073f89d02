/** What is loaded when it is first told who wrote what: the tint, its legend, and what the pointer shows. */

export { AuthorsBar } from './authorsBar';
export { SittingLookup } from './sittingLookup';
export { SpecAuthors } from './specAuthors';
export { tooltip } from './tooltip';
