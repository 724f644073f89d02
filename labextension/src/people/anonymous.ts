/** The characters that the server keeps of a name. */
const LENGTH = 100;

/** Whether Jupyter made the name up, of one of the moons. */
export function isAnonymous(userName: string): boolean {
  return /^Anonymous \S/.test(userName);
}

/** The fields of Jupyter's identity that a name consists of. */
export const IDENTITY_FIELDS = ['name', 'display_name', 'initials'] as const;

/** The names and initials that Jupyter is asked to keep for a user. */
export function identityOf(name: string): Record<(typeof IDENTITY_FIELDS)[number], string> {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], ...(words.length > 1 ? [words[words.length - 1]] : [])];
  const initials = letters.map(word => [...word][0] ?? '').join('');
  const whole = [...words.join(' ')].slice(0, LENGTH).join('');
  return { name: whole, display_name: whole, initials: initials.toUpperCase() };
}
