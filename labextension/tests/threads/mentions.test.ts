import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  asRead,
  completed,
  mentionAt,
  type Mentionable,
  mentionOf,
  mentionsIn,
  offered
} from '../../src/threads/mentions';

const person = (userName: string, login = ''): Mentionable => ({
  userId: userName.toLowerCase(),
  userName,
  login
});
const PEOPLE = [
  person('Ada Lovelace', 'ada'),
  person('Ada Byron', 'ada-2'),
  person('Grace Hopper', 'ghopper'),
  person('Émilie du Châtelet'),
  person('Zoë "Z" Zed')
];

describe('what is typed at the caret', () => {
  it.each([
    ['@', ''],
    ['Ask @ad', 'ad'],
    ['(@ad', 'ad'],
    ['@Ada Lo', 'Ada Lo'],
    ['@"Ada Lo', '"Ada Lo'],
    ['one\n@x', 'x']
  ])('%j mentions', (text, typed) => {
    expect(mentionAt(text, text.length)?.typed).toBe(typed);
  });

  it.each(['', 'ada', 'me@ad', '2@ad', '@@ad', '@ ad', '@a\nd', `@${'a'.repeat(60)}`])(
    '%j does not',
    text => expect(mentionAt(text, text.length)).toBeNull()
  );
});

describe('who is offered', () => {
  const names = (typed: string) => offered(PEOPLE, typed).map(({ userName }) => userName);

  it('begins so, by name or login, without regard to case and accents', () => {
    expect(names('ada')).toEqual(['Ada Byron', 'Ada Lovelace']);
    expect(names('GHO')).toEqual(['Grace Hopper']);
    expect(names('emi')).toEqual(['Émilie du Châtelet']);
    expect(names('lo')).toEqual(['Ada Lovelace']);
    expect(names('nobody')).toEqual([]);
    expect(names('"grace h')).toEqual(['Grace Hopper']);
  });

  it('is nobody behind a whole login and a space, which mentions somebody already', () => {
    const people = [person('Grace Hopper', 'grace'), person('Grace Kelly', 'kelly')];
    const logins = (typed: string) => offered(people, typed).map(({ login }) => login);
    expect(logins('grace')).toEqual(['grace', 'kelly']);
    expect(logins('grace ')).toEqual([]);
    expect(logins('grace ho')).toEqual([]);
    expect(logins('Grace ')).toEqual(['grace', 'kelly']);
    expect(logins('"grace ')).toEqual(['grace', 'kelly']);
  });

  it('can be mentioned in words', () => {
    expect(names('z')).toEqual([]);
    expect(
      offered(
        Array.from({ length: 50 }, (_, n) => person(`P${n}`, `p${n}`)),
        ''
      )
    ).toHaveLength(8);
  });
});

describe('a completed mention', () => {
  it('is the login, or the name in quotes, with a space behind', () => {
    const query = mentionAt('Ask @em please', 7)!;
    expect(completed('Ask @em please', query, PEOPLE[3]!)).toEqual({
      text: 'Ask @"Émilie du Châtelet" please',
      caret: 26
    });
    expect(completed('@ad', mentionAt('@ad', 3)!, PEOPLE[0]!)).toEqual({ text: '@ada ', caret: 5 });
    expect(completed('@"Ad"', mentionAt('@"Ad"', 4)!, PEOPLE[0]!).text).toBe('@ada ');
    expect(completed('@ad\nx', mentionAt('@ad\nx', 3)!, PEOPLE[0]!)).toEqual({
      text: '@ada \nx',
      caret: 5
    });
  });

  it('is found again as a mention of who was chosen', () => {
    const before = fc.constantFrom('', 'Ask ', '(', 'word\n', '“');
    const behind = fc.constantFrom('', ' x', ', x', 'x', '1', '-', '\n');
    fc.assert(
      fc.property(before, behind, fc.constantFrom(...PEOPLE), (start, end, chosen) => {
        const text = `${start}@${end}`;
        const query = mentionAt(text, start.length + 1);
        fc.pre(query !== null && mentionOf(chosen) !== null);
        const done = completed(text, query!, chosen);
        expect(mentionsIn(done.text, PEOPLE).map(each => each.person)).toEqual([chosen]);
      })
    );
  });
});

it('a mention is read without the quotes of its source', () => {
  expect(asRead('Ask @"Grace Hopper" or @"Ada", @ada')).toBe('Ask @Grace Hopper or @Ada, @ada');
  for (const other of ['me@"Grace Hopper"', '@@"Grace Hopper"', 'a "word"', '@"', '@"a\nb"']) {
    expect(asRead(other)).toBe(other);
  }
});

describe('mentions in a text', () => {
  const found = (text: string) =>
    mentionsIn(text, PEOPLE).map(({ from, to, person: { userName } }) => [
      text.slice(from, to),
      userName
    ]);

  it('are logins, the longest that fits, and names in quotes', () => {
    expect(found('@ada, @ada-2. @"Grace Hopper"!')).toEqual([
      ['@ada', 'Ada Lovelace'],
      ['@ada-2', 'Ada Byron'],
      ['@"Grace Hopper"', 'Grace Hopper']
    ]);
  });

  it('are no parts of words or addresses', () => {
    expect(found('me@ada x@"Grace Hopper" @@ada @adam @ada_ @"Grace"')).toEqual([]);
  });
});
