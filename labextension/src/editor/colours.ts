/**
 * Colours of others are data: only these forms reach a style. The variables are JupyterLab's own, which its
 * server names for each user.
 */
const ACCEPTED = /^(#[0-9a-f]{3}|#[0-9a-f]{6}|var\(--jp-collaborator-color[1-9][0-9]?\))$/i;

/** A colour that may stand in a style: the given one where it is known to be harmless, else one of the user's id. */
export function safeColour(colour: string | null | undefined, userId: string): string {
  const given = colour?.trim() ?? '';
  return ACCEPTED.test(given) ? given : derivedColour(userId);
}

/** The same hue for a user everywhere, dark enough for white letters and light enough for dark themes. */
function derivedColour(userId: string): string {
  let hash = 0;
  for (const character of userId) {
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  }
  return `hsl(${hash % 360}, 65%, 42%)`;
}
