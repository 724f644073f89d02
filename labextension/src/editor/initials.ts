/** The first letters of the first and the last word of a name; one letter for a single word, `?` for none. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._@-]+/u).filter(word => /[\p{L}\p{N}]/u.test(word));
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map(word => firstLetter(word ?? '')).join('') || '?';
}

function firstLetter(word: string): string {
  return (/[\p{L}\p{N}]/u.exec(word)?.[0] ?? '').toLocaleUpperCase();
}
