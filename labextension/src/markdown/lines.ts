/** What is needed of a text; CodeMirror's `Text` is one. Offsets count UTF-16 units. */
export interface Lines {
  readonly length: number;
  sliceString(from: number, to: number): string;
  lineAt(position: number): { readonly from: number; readonly to: number; readonly number: number };
}
