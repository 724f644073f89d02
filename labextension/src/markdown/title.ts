import { normaliseNewlines } from '../text';

const FRONT_MATTER = /^---\n(?:.*\n)*?(?:---|\.\.\.)(?:\n|$)/;
const TITLE = /^title:[ \t]*(.+?)[ \t]*$/m;
const QUOTED = /^(["'])(.*)\1$/;
const HEADING = /^ {0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$/m;
const FENCED = /^ {0,3}(```+|~~~+)[^\n]*\n(?:[\s\S]*?\n {0,3}\1|[\s\S]*$)/gm;
/** The server takes titles up to this many characters. */
export const TITLE_LENGTH = 200;

/** A file's text as a spec may hold it: line feeds only, no NUL, no byte order mark, no half of a surrogate pair. */
export function cleanText(text: string): string {
  return normaliseNewlines(text)
    .replace(/^\uFEFF/, '')
    .replaceAll('\0', '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** What to call an imported file: the title in its front matter, else its first heading, else its name. */
export function titleOf(markdown: string, fileName: string): string {
  const head = FRONT_MATTER.exec(markdown)?.[0] ?? '';
  const stated = TITLE.exec(head)?.[1]?.replace(QUOTED, '$2').trim();
  const heading = HEADING.exec(markdown.slice(head.length).replace(FENCED, ''))?.[1];
  const name = fileName.replace(/^.*\//, '').replace(/\.(md|markdown|txt)$/i, '');
  return [...(stated || heading || name || 'Untitled')].slice(0, TITLE_LENGTH).join('');
}

/** A file name for a spec's text, without what file systems refuse. */
export function fileNameOf(title: string): string {
  const safe = title
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f<>:"/\\|?*]+/g, '-')
    .replace(/^[.\s-]+|[.\s-]+$/g, '');
  return `${safe || 'spec'}.md`;
}
