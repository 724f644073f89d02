/**
 * Whether a text with a mermaid diagram may refer to something outside of it.
 *
 * Mermaid draws a diagram in the page, with the pictures and styles that its text asks for. So a diagram that may ask
 * for one is drawn only when somebody wants it. What is found is a little more than what mermaid would fetch.
 *
 * Law (`diagrams.test.ts`): ordinary diagrams of each kind are drawn; those of the hostile list are not.
 */
export function asksElsewhere(text: string): boolean {
  return text.includes('mermaid') && (FETCHES.test(text) || hasOtherTags(text));
}

const FETCHES =
  /\/\/|https?:|\\|@import|image-set|\burl\s*\(|\b(?:img|icon|src|srcset|href|poster|background(?:-image)?)\s*[:=]|themeCSS|&#|%%\s*\{|^---\s*$/im;
/** What mermaid itself writes between angle brackets, and line breaks and emphasis in labels. */
const HARMLESS = /<<[\w ]{1,40}>>|<\/?(?:b|br|code|em|i|s|small|strong|sub|sup|u)\s*\/?>/gi;

function hasOtherTags(text: string): boolean {
  return /<[a-z!/?]/i.test(text.replace(HARMLESS, ''));
}

/** The text with its diagrams as code: the letter that is added can't be seen, and names no language. */
export function withoutDiagrams(text: string): string {
  return text.replaceAll('mermaid', 'mermaid\u200b');
}
