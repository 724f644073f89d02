/** What is loaded when versions are compared first: the texts, and what shows them. */

export { Compared } from './compared';
export { Comparison } from './comparison';
