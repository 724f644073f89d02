/** A file name made from a title, without characters that file systems refuse. */
export function fileNameOf(title: string): string {
  const safe = title
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f<>:"/\\|?*]+/g, '-')
    .replace(/^[.\s-]+|[.\s-]+$/g, '');
  return `${safe || 'spec'}.md`;
}
