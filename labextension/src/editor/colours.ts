/**
 * The forms of a colour that are accepted, since colours of users come from outside.
 *
 * The server gives each user in a spec another one. The variables are JupyterLab's own.
 */
const ACCEPTED = /^(#[0-9a-f]{3}|#[0-9a-f]{6}|var\(--jp-collaborator-color[1-9][0-9]?\))$/i;

/** Colours for users to whom the server gave none: its first ten, which also the colour-blind tell apart. */
const OTHERS: readonly string[] = [
  '#b49000',
  '#2460fc',
  '#cc2478',
  '#487830',
  '#f0606c',
  '#d80c18',
  '#8460a8',
  '#0ca878',
  '#cc78b4',
  '#0090fc'
];

/** A colour that is safe to use in a style: the given one if it is accepted, or else one that the id determines. */
export function safeColour(colour: string | null | undefined, userId: string): string {
  const given = colour?.trim() ?? '';
  return ACCEPTED.test(given) ? given : colourOf(userId);
}

/**
 * Black or white, whichever is read better on a colour.
 *
 * Law: on every colour that is given as a number the contrast (WCAG 2) is at least 4.5 (`colours.test.ts`).
 */
export function textOn(colour: string): 'black' | 'white' {
  const light = luminance(colour);
  return light === null || 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? 'white' : 'black';
}

function colourOf(userId: string): string {
  let hash = 0;
  for (const character of userId) {
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  }
  return OTHERS[hash % OTHERS.length]!;
}

/** The relative luminance, 0 to 1, of a hexadecimal colour; `null` of any other one. */
function luminance(colour: string): number | null {
  const digits = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(colour);
  if (!digits) {
    return null;
  }
  const pairs = digits[1] ? [...digits[1]].map(each => each + each) : digits[2]!.match(/../g)!;
  const [red, green, blue] = pairs.map(pair => {
    const value = Number.parseInt(pair, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
