/**
 * The forms of a colour that are accepted, since colours of users come from outside.
 *
 * The variables are JupyterLab's own; its server assigns one to each user.
 */
const ACCEPTED = /^(#[0-9a-f]{3}|#[0-9a-f]{6}|var\(--jp-collaborator-color[1-9][0-9]?\))$/i;

/** A colour that is safe to use in a style: the given one if it is accepted, or else one derived from the id. */
export function safeColour(colour: string | null | undefined, userId: string): string {
  const given = colour?.trim() ?? '';
  return ACCEPTED.test(given) ? given : derivedColour(userId);
}

/** A user has the same hue everywhere. It is dark enough for white letters and light enough for dark themes. */
function derivedColour(userId: string): string {
  let hash = 0;
  for (const character of userId) {
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  }
  return `hsl(${hash % 360}, 65%, 42%)`;
}
