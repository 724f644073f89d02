export const FRONT_MATTER = /^\uFEFF?---[ \t]*\n(?:[^]*?\n)?---[ \t]*(?:\n|$)/;
/** A heading on the first line that is not empty. */
const HEADING =
  /^(?:[ \t]*\n)* {0,3}(?:#{1,6}(?:[ \t][^\n]*)?|[^\s#][^\n]*\n {0,3}(?:=+|-+)[ \t]*)(?:\n|$)/;
const BLANK = /^[ \t]*(?:\n|$)/;

/**
 * Where somebody who has just opened a spec begins to write: never before its front matter or in it, and below the
 * heading that it begins with. An offset in UTF-16 units.
 *
 * Below the heading it is the first empty line, or the second of several, which leaves one between the two.
 */
export function writingStart(text: string): number {
  const body = FRONT_MATTER.exec(text)?.[0].length ?? 0;
  const below = body + (HEADING.exec(text.slice(body))?.[0].length ?? 0);
  const blank = BLANK.exec(text.slice(below))?.[0].length ?? 0;
  const isFollowed = blank > 0 && BLANK.test(text.slice(below + blank));
  return below > body && isFollowed ? below + blank : below;
}
