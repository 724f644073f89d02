/** Somebody who can be mentioned. */
export interface Mentionable {
  /** Empty where the server does not tell it. */
  readonly userId: string;
  readonly userName: string;
  /** Empty where it is not known. */
  readonly login: string;
}

/** What is being typed at the caret to mention somebody. Positions are UTF-16 units. */
export interface MentionQuery {
  /** Where the `@` stands. */
  readonly from: number;
  readonly to: number;
  /** What stands behind the `@`, with the quote, if one does. */
  readonly typed: string;
}

/** How many UTF-16 units behind the `@` belong to a name that is being typed. */
const LONGEST = 40;
/** How many people are offered. */
const OFFERED = 8;
/** What may not stand before the `@` of a mention, and what may not stand behind a login. */
const BEFORE = /[\p{L}\p{N}@]/u;
const BEHIND = /[\p{L}\p{N}_-]/u;

/** The mention that is typed at the caret; `null` where there is none. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  const start = Math.max(0, caret - LONGEST - 1);
  const from = text.lastIndexOf('@', caret - 1);
  if (caret === 0 || from < start || BEFORE.test(characterBefore(text, from))) {
    return null;
  }
  const typed = text.slice(from + 1, caret);
  const isName = /^"?[^\n"@]*$/.test(typed) && !/^"?\s/.test(typed);
  return isName ? { from, to: caret, typed } : null;
}

/**
 * The people whom somebody may mean who has typed this, the likeliest first: whose login or name begins so, then whose
 * other names do, then whose names hold it. Nobody behind a whole login and a space: that mentions somebody already.
 */
export function offered(people: readonly Mentionable[], typed: string): readonly Mentionable[] {
  if (people.some(({ login }) => login !== '' && isBehind(login, typed))) {
    return [];
  }
  const wanted = folded(typed.replace(/^"/, ''));
  return people
    .map(person => ({ person, rank: rankOf(person, wanted) }))
    .filter(({ rank, person }) => rank < NONE && mentionOf(person) !== null)
    .sort((one, other) => one.rank - other.rank || compared(one.person, other.person))
    .slice(0, OFFERED)
    .map(({ person }) => person);
}

/** One word for a person, whatever else is known of them later. */
export function keyOf({ userId, login }: Mentionable): string {
  return userId || login;
}

/** A text as it is read: its mentions of names without the quotes of their source. */
export function asRead(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}@])@"([^"\n]+)"/gu, '@$1');
}

/** How somebody is mentioned; `null` where no words can. */
export function mentionOf({ userName, login }: Mentionable): string | null {
  if (login && !/[\n\r]/.test(login)) {
    return `@${login}`;
  }
  return userName && !/["\n\r]/.test(userName) ? `@"${userName}"` : null;
}

/** The text with the mention completed and a space behind it, and where the caret is then: behind the space. */
export function completed(
  text: string,
  query: MentionQuery,
  person: Mentionable
): { readonly text: string; readonly caret: number } {
  const behind = text.slice(query.to).replace(/^"/, '');
  const before = `${text.slice(0, query.from)}${mentionOf(person) ?? ''} `;
  return { text: before + behind.replace(/^ /, ''), caret: before.length };
}

/** A mention in a text. Positions are UTF-16 units. */
export interface FoundMention {
  readonly from: number;
  readonly to: number;
  readonly person: Mentionable;
}

/**
 * The mentions of these people in a text, as the server finds them: `@login`, the longest that fits, or `@"Name"`, and
 * no letter, digit or `@` before it.
 */
export function mentionsIn(text: string, people: readonly Mentionable[]): readonly FoundMention[] {
  const found: FoundMention[] = [];
  for (let from = text.indexOf('@'); from >= 0; from = text.indexOf('@', from + 1)) {
    const mention = BEFORE.test(characterBefore(text, from))
      ? null
      : mentionFrom(text, from, people);
    if (mention) {
      found.push(mention);
    }
  }
  return found;
}

function mentionFrom(
  text: string,
  from: number,
  people: readonly Mentionable[]
): FoundMention | null {
  let best: FoundMention | null = null;
  const quoted = /^@"([^"\n]+)"/.exec(text.slice(from, from + 400));
  for (const person of people) {
    const length =
      quoted && quoted[1] === person.userName
        ? quoted[0].length
        : loginFits(text, from + 1, person.login)
          ? 1 + person.login.length
          : 0;
    if (length > (best ? best.to - best.from : 0)) {
      best = { from, to: from + length, person };
    }
  }
  return best;
}

function loginFits(text: string, at: number, login: string): boolean {
  return (
    login !== '' &&
    text.startsWith(login, at) &&
    !BEHIND.test(String.fromCodePoint(text.codePointAt(at + login.length) ?? 32))
  );
}

/** Whether what is typed is a login and a space, and more or nothing behind it. */
function isBehind(login: string, typed: string): boolean {
  return typed.startsWith(login) && /^\s/.test(typed.slice(login.length));
}

function characterBefore(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 2), at);
  return [...before].at(-1) ?? '';
}

const NONE = 4;

function rankOf({ userName, login }: Mentionable, wanted: string): number {
  const [name, own] = [folded(userName), folded(login)];
  if (name.startsWith(wanted) || own.startsWith(wanted)) {
    return 0;
  }
  if (name.split(/\s+/).some(word => word.startsWith(wanted))) {
    return 1;
  }
  return name.includes(wanted) || own.includes(wanted) ? 2 : NONE;
}

function compared(one: Mentionable, other: Mentionable): number {
  return one.userName.localeCompare(other.userName) || one.login.localeCompare(other.login);
}

/** Without case and accents. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}
