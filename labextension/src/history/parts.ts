/** What is loaded when the history is shown first: its list, and what it is made of. */

export { HistoryContents } from './contents';
