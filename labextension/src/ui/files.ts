/** Lets the user choose Markdown files from their computer; empty if they cancel. */
export function chooseMarkdownFiles(): Promise<readonly File[]> {
  return chooseFiles('.md,.markdown,.txt,text/markdown,text/plain');
}

/** Lets the user choose files from their computer; `accept` as in the attribute of an input. */
export function chooseFiles(accept: string): Promise<readonly File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.multiple = true;
  input.hidden = true;
  // In the page: an element that nothing holds may be collected before the files are chosen.
  document.body.append(input);
  return new Promise<readonly File[]>(resolve => {
    input.onchange = () => resolve(Array.from(input.files ?? []));
    input.oncancel = () => resolve([]);
    input.click();
  }).finally(() => input.remove());
}

/** Lets the user download a text as a file, of Markdown if nothing else is said. */
export function download(text: string, fileName: string, type = 'text/markdown'): void {
  downloadBlob(new Blob([text], { type: `${type};charset=utf-8` }), fileName);
}

/** Lets the user download a file. */
export function downloadBlob(blob: Blob, fileName: string): void {
  const link = document.createElement('a');
  const url = URL.createObjectURL(blob);
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
