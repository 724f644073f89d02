/** Whether the focus is where letters go into a spec: its text, or the search in it. */
export function isWritingInSpec(focused: Element | null = document.activeElement): boolean {
  if (!(focused instanceof HTMLElement) || focused.closest('.jp-SpecPane') === null) {
    return false;
  }
  return focused.isContentEditable || focused.matches('input, textarea, [contenteditable="true"]');
}
