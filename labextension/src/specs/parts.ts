/** What is loaded when the sidebar of specs is shown first: the list, and the trash. */

export { SpecsView } from './specsView';
