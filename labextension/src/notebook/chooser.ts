/** What is loaded when it is first asked which spec belongs to a notebook. */

export { SpecChoice } from './specChoice';
export { chooseSpec } from './specChooser';
