import { frontMatterOf, oneLine } from './frontMatter';

const HEADING = /^ {0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$/m;
const FENCED = /^ {0,3}(```+|~~~+)[^\n]*\n(?:[\s\S]*?\n {0,3}\1|[\s\S]*$)/gm;

/** The server accepts titles of up to this many characters. */
export const TITLE_LENGTH = 200;

/** The title for an imported file: that of its front matter, or else its first heading, or else its name. */
export async function titleOf(markdown: string, fileName: string): Promise<string> {
  const { fields, bodyStart } = await frontMatterOf(markdown);
  const head = [...markdown.slice(0, 2 * bodyStart)].slice(0, bodyStart).join('');
  const heading = HEADING.exec(markdown.slice(head.length).replace(FENCED, ''))?.[1];
  const name = fileName.replace(/^.*\//, '').replace(/\.(md|markdown|txt)$/i, '');
  const found = [fields.title, heading, name].map(each => oneLine(each ?? '')).find(Boolean);
  return [...(found ?? 'Untitled')].slice(0, TITLE_LENGTH).join('');
}
