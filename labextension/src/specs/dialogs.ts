/** What is loaded when a spec is made first, from a template or from a file. */

export { decode } from '../markdown/encoding';
export { cleanText } from '../markdown/importedText';
export { askEncoding } from './encodingForm';
export { type NewSpecChoice, NewSpecForm } from './newSpecForm';
export { BLANK, firstText } from './templates';
