import { gfm } from '@joplin/turndown-plugin-gfm';
import TurndownService from 'turndown';

/** Elements without text that a reader sees. */
const UNSEEN = ['script', 'style', 'title', 'head', 'noscript', 'template', 'iframe', 'object'];

const service = new TurndownService({
  headingStyle: 'atx',
  hr: '---',
  bulletListMarker: '-',
  codeBlockStyle: 'fenced',
  emDelimiter: '*'
});
service.use(gfm);
service.remove(UNSEEN as (keyof HTMLElementTagNameMap)[]);
// A picture inside of the HTML would be a million letters of text.
service.addRule('embedded pictures', {
  filter: node => node.nodeName === 'IMG' && !/^https?:/.test(node.getAttribute('src') ?? ''),
  replacement: (_, node) => (node as HTMLImageElement).alt
});
// The list item of the library is indented by four spaces.
service.addRule('list items', {
  filter: 'li',
  replacement(content, node, { bulletListMarker }) {
    const list = node.parentNode as HTMLElement | null;
    const isNumbered = list?.nodeName === 'OL';
    const first = Number(list?.getAttribute('start') ?? 1);
    const place = list ? [...list.children].indexOf(node as Element) : 0;
    const mark = isNumbered ? `${first + place}. ` : `${bulletListMarker ?? '-'} `;
    const text = content
      .replace(/^\n+|\n+$/g, '')
      .replace(/\n(?=.)/g, `\n${' '.repeat(mark.length)}`);
    return `${mark}${text}${node.nextSibling ? '\n' : ''}`;
  }
});

/** HTML, as a browser or a word processor puts it on the clipboard, as Markdown. Nothing in it runs or is loaded. */
export function markdownOf(html: string): string {
  return service.turndown(new DOMParser().parseFromString(html, 'text/html').body).trim();
}
