import { afterEach, describe, expect, it, vi } from 'vitest';

import { type Match, expanded } from '../../src/editor/matches';
import { type Search, searchIn } from '../../src/editor/search';
import { undoOwn } from '../../src/editor/undo';
import { connect, isSynchronised, Server, userOf, World } from '../kit';
import { clearDesks, desk, put, shown, viewOf, type Writer } from './kit';

afterEach(() => {
  clearDesks();
  vi.useRealTimers();
});

function searchOf({ view }: Writer): Search {
  const search = searchIn(view);
  if (!search) {
    throw new Error('no search');
  }
  return search;
}

/** The number of the current match, and how many there are, as the panel shows it. */
function counted({ index, count }: Search): string {
  return `${(index ?? -1) + 1}/${count}`;
}

function selected({ view }: Writer): string {
  const { main } = view.state.selection;
  return `${main.from}-${main.to}`;
}

function marked({ view }: Writer): string[] {
  const all = view.contentDOM.querySelectorAll('.cm-searching, .jp-current-match');
  return [...all].map(each => `${each.textContent}${each.matches('.jp-current-match') ? '*' : ''}`);
}

describe('a search', () => {
  it('counts matches from the caret on, goes round, and marks them', () => {
    const { ann } = desk('cat dog cat dog cat');
    const search = searchOf(ann);
    ann.view.dispatch({ selection: { anchor: 6 } });
    search.start(/cat/g);
    expect(counted(search)).toBe('2/3');
    expect(selected(ann)).toBe('6-6');
    expect(marked(ann)).toContain('cat*');
    search.next();
    expect([counted(search), selected(ann)]).toEqual(['3/3', '16-19']);
    search.next();
    expect([counted(search), selected(ann)]).toEqual(['1/3', '0-3']);
    search.previous();
    expect(counted(search)).toBe('3/3');
    search.end();
    expect(counted(search)).toBe('0/0');
    expect(marked(ann)).toEqual([]);
  });

  it('stays at its match while others type above it, and finds what they type', () => {
    vi.useFakeTimers();
    const { world, ann, bob } = desk('cat dog cat dog cat');
    const search = searchOf(ann);
    const changed = vi.fn();
    search.onChange(changed);
    search.start(/cat/g);
    search.next();
    expect([counted(search), selected(ann)]).toEqual(['2/3', '8-11']);
    changed.mockClear();
    put(bob, 0, 'cat and cat, ');
    world.run(500);
    vi.runAllTimers();
    expect(counted(search)).toBe('4/5');
    expect(changed).toHaveBeenCalled();
    search.start(/cat/g);
    expect(counted(search)).toBe('4/5');
    expect(selected(ann)).toBe('21-24');
  });

  it('goes to the next match where somebody deletes the current one', () => {
    vi.useFakeTimers();
    const { world, ann, bob } = desk('cat dog cat dog cat');
    const search = searchOf(ann);
    search.start(/cat/g);
    search.next();
    put(bob, 8, '', 12);
    world.run(500);
    vi.runAllTimers();
    expect(counted(search)).toBe('2/2');
  });

  it('ends where nothing is found, also with a query that matches nothing at all', () => {
    const { ann } = desk('cat');
    const search = searchOf(ann);
    search.start(/dog/g);
    search.next();
    expect(counted(search)).toBe('0/0');
    search.start(/(?=a)/g);
    search.previous();
    expect(counted(search)).toBe('0/0');
  });
});

describe('replacing', () => {
  it('replaces a match where it is now, and goes to the next', () => {
    const { world, ann, bob } = desk('cat dog cat');
    const search = searchOf(ann);
    search.start(/cat/g);
    put(bob, 0, 'The ');
    world.run(500);
    expect(search.replace(() => 'bird')).toBe(true);
    expect(shown(ann)).toBe('The bird dog cat');
    expect([counted(search), selected(ann)]).toEqual(['1/1', '13-16']);
    world.run(500);
    expect(shown(bob)).toBe(shown(ann));
  });

  it('of all matches is one edit and one undo step, also right after typing', () => {
    const { world, ann, bob } = desk('a b a b a');
    put(ann, 9, 'a');
    const search = searchOf(ann);
    search.start(/a+/g);
    expect(search.replaceAll(() => 'long')).toBe(3);
    expect(shown(ann)).toBe('long b long b long');
    put(ann, 18, '!');
    undoOwn(ann.view);
    expect(shown(ann)).toBe('long b long b long');
    undoOwn(ann.view);
    expect(shown(ann)).toBe('a b a b aa');
    world.run(1_000);
    expect(shown(bob)).toBe(shown(ann));
  });

  it('does nothing for a viewer', () => {
    const world = new World();
    const server = new Server(world, 'cat');
    server.role = 'viewer';
    const client = connect(world, server, userOf('Ann'));
    world.runUntil(() => isSynchronised(client));
    const viewer = { ...client, view: viewOf(client) };
    const search = searchOf(viewer);
    search.start(/cat/g);
    expect(counted(search)).toBe('1/1');
    expect(search.replace(() => 'dog')).toBe(false);
    expect(search.replaceAll(() => 'dog')).toBe(0);
    expect(shown(viewer)).toBe('cat');
  });

  it.each([
    [/(?<word>\w+)-(\d+)?/g, 'ab-12', '$2 $1 $& $$ $<word> $3 $20', '12 ab ab-12 $ ab $3 120'],
    [/(?<=x)(b)?c/g, 'xc', '[$1]', '[]']
  ])('%s of “%s” by “%s” makes “%s”', (query, text, replacement, result) => {
    const { ann } = desk(text);
    const found = [...text.matchAll(query)][0] as RegExpExecArray;
    const match: Match = { from: found.index, to: found.index + found[0].length, found };
    expect(expanded(replacement, match)).toBe(result);
    const search = searchOf(ann);
    search.start(query);
    search.replaceAll(each => expanded(replacement, each));
    expect(shown(ann)).toBe(text.replace(query, replacement));
  });
});
