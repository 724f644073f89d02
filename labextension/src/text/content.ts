import { InvalidContent } from './errors';

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Throws `InvalidContent` where `content` holds a NUL, a carriage return or a lone surrogate. Such text is
 * refused rather than altered, since its sender has already counted positions in it.
 */
export function checkContent(content: string): void {
  if (content.includes('\0')) {
    throw new InvalidContent('The text holds a NUL character.');
  }
  if (content.includes('\r')) {
    throw new InvalidContent('The text holds a carriage return; lines end with a line feed alone.');
  }
  if (LONE_SURROGATE.test(content)) {
    throw new InvalidContent('The text holds half of a surrogate pair.');
  }
}

/** `content` with every line end (CRLF, CR, LF) as one line feed; for text that comes from outside. */
export function normaliseNewlines(content: string): string {
  return content.replace(/\r\n?/g, '\n');
}
