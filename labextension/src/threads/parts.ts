/** What is loaded when comments are shown first: cards, list, and what renders them. */

export { CommentsView } from './sidebar/commentsView';
export { SpecComments } from './specComments';
