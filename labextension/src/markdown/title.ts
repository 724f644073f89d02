const FRONT_MATTER = /^---\n(?:.*\n)*?(?:---|\.\.\.)(?:\n|$)/;
const TITLE = /^title:[ \t]*(.+?)[ \t]*$/m;
const QUOTED = /^(["'])(.*)\1$/;
const HEADING = /^ {0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$/m;
const FENCED = /^ {0,3}(```+|~~~+)[^\n]*\n(?:[\s\S]*?\n {0,3}\1|[\s\S]*$)/gm;

/** The server accepts titles of up to this many characters. */
export const TITLE_LENGTH = 200;

/** The title for an imported file: that of its front matter, or else its first heading, or else its name. */
export function titleOf(markdown: string, fileName: string): string {
  const head = FRONT_MATTER.exec(markdown)?.[0] ?? '';
  const stated = TITLE.exec(head)?.[1]?.replace(QUOTED, '$2').trim();
  const heading = HEADING.exec(markdown.slice(head.length).replace(FENCED, ''))?.[1];
  const name = fileName.replace(/^.*\//, '').replace(/\.(md|markdown|txt)$/i, '');
  return [...(stated || heading || name || 'Untitled')].slice(0, TITLE_LENGTH).join('');
}
