/** A commenter types into a text that stays as it is: what is typed is a suggestion. */
import '../kit/lab';

import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { composedText } from '../../src/editor/composedText';
import { takeTyped, typedSuggestions } from '../../src/editor/typedSuggestions';
import { Composing } from '../../src/threads/composing';
import { Suggesting } from '../../src/threads/suggesting';
import { clearDesks, desk, put, shown } from '../editor/kit';
import { eventually } from '../kit/eventually';
import { InputMethod } from './inputMethod';
import { MemoryThreads } from './memoryThreads';

const TEXT = 'The quick brown 🎉';

afterEach(clearDesks);

/** An editor whose user may only comment. */
function commenter(text = TEXT) {
  const { ann, bob, world, server } = desk(text, typedSuggestions);
  const role = 'commenter';
  server.sessions
    .filter(({ user }) => user.userName === 'Ann')
    .forEach(session => session.send({ event: 'role_changed', data: { role } }));
  world.run(1_000);
  const { view } = ann;
  const threads = new MemoryThreads();
  threads.role = role;
  const composing = new Composing(view, threads);
  let cards = 0;
  const suggesting = new Suggesting({ view, composing, showCard: () => (cards += 1) });
  takeTyped(view, suggesting);
  const select = (anchor: number, head = anchor) => view.dispatch({ selection: { anchor, head } });
  const press = (event: Event) => {
    view.contentDOM.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const input = (inputType: string, data: string | null = null) =>
    press(new InputEvent('beforeinput', { inputType, data, cancelable: true, bubbles: true }));
  const key = (name: string) =>
    press(new KeyboardEvent('keydown', { key: name, cancelable: true, bubbles: true }));
  return {
    ...{ ann, bob, world, view, threads, composing, suggesting, select, input, key },
    cards: () => cards
  };
}

/** The text as it would be with the suggestion. */
function suggested({ view, composing: { current } }: ReturnType<typeof commenter>): string {
  const text = view.state.doc.toString();
  return current
    ? text.slice(0, current.start) + current.replacement + text.slice(current.end)
    : text;
}

type Key = { readonly insert: string } | { readonly remove: 'before' | 'after' };

/** What the keys make of a text where one may write. */
function written(text: string, from: number, to: number, keys: readonly Key[]): string {
  let [before, behind] = [[...text.slice(0, from)], [...text.slice(to)]];
  let selected = from < to;
  for (const key of keys) {
    if ('insert' in key) {
      before.push(...key.insert);
    } else if (!selected && key.remove === 'before') {
      before = before.slice(0, -1);
    } else if (!selected) {
      behind = behind.slice(1);
    }
    selected = false;
  }
  return [...before, ...behind].join('');
}

describe('what a commenter types', () => {
  const keys = fc.array(
    fc.oneof(
      fc.record({ insert: fc.constantFrom('a', ' ', '🎉', 'two words') }),
      fc.record({ remove: fc.constantFrom('before' as const, 'after' as const) })
    ),
    { minLength: 1, maxLength: 8 }
  );

  it('makes of the text, as a suggestion, what it would have made of it', () => {
    fc.assert(
      fc.property(fc.nat(16), fc.nat(16), keys, (one, other, pressed) => {
        const made = commenter();
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        made.select(from, to);
        // A key that selected letters make is a suggestion already, also if the letters are typed again.
        for (const key of pressed) {
          if ('insert' in key) {
            made.suggesting.insert(key.insert);
          } else {
            made.suggesting.remove(key.remove, false);
          }
        }
        expect(suggested(made)).toBe(written(TEXT, from, to, pressed));
        expect(made.view.state.doc.toString()).toBe(TEXT);
        made.composing.dispose();
        clearDesks();
      }),
      { numRuns: 60 }
    );
  });

  it('is taken from the keyboard, and sent with Enter', () => {
    const made = commenter();
    const { view, threads, composing, input, key, select } = made;
    expect([view.state.readOnly, view.contentDOM.getAttribute('contenteditable')]).toEqual([
      true,
      'true'
    ]);
    select(4, 9);
    expect(input('insertText', 's')).toBe(true);
    input('insertText', 'low');
    expect(composing.isInPlace).toBe(true);
    expect(suggested(made)).toBe('The slow brown 🎉');
    expect(input('deleteContentBackward')).toBe(true);
    expect(key('Enter')).toBe(true);
    expect(threads.all[0]!.thread).toMatchObject({ kind: 'suggestion', replacement: 'slo' });
    expect(threads.all[0]!.range).toEqual({ start: 4, end: 9 });
    expect([composing.current, view.state.doc.toString()]).toEqual([null, TEXT]);
  });

  it('is given up with Escape', () => {
    const { composing, input, key, select, threads } = commenter();
    select(3);
    input('insertText', ' very');
    expect(key('Escape')).toBe(true);
    expect([composing.current, composing.kept]).toEqual([null, null]);
    expect(key('Enter')).toBe(false);
    expect(threads.all).toEqual([]);
  });

  it('pastes', () => {
    const made = commenter();
    made.select(0);
    const event = new Event('paste', { cancelable: true, bubbles: true });
    Object.assign(event, { clipboardData: { getData: () => 'One\r\ntwo ' } });
    made.view.contentDOM.dispatchEvent(event);
    expect(suggested(made)).toBe(`One\ntwo ${TEXT}`);
  });

  it('stays where it is while others write', () => {
    const made = commenter();
    const { ann, bob, world, input, select } = made;
    select(4, 9);
    input('insertText', 'slow');
    put(bob, 0, 'So: ');
    world.run(5_000);
    expect(shown(ann)).toBe(`So: ${TEXT}`);
    input('insertText', 'er');
    expect(suggested(made)).toBe('So: The slower brown 🎉');
  });

  it('elsewhere shows the suggestion that is not sent yet, which is not lost', () => {
    const made = commenter();
    const { input, select, cards } = made;
    select(4, 9);
    input('insertText', 'slow');
    select(0);
    expect(input('insertText', 'x')).toBe(true);
    expect(cards()).toBe(1);
    expect(suggested(made)).toBe('The slow brown 🎉');
  });

  it('is not begun before one that was left is sent or discarded', () => {
    const made = commenter();
    const { input, select, cards, composing } = made;
    select(4, 9);
    input('insertText', 'slow');
    composing.close(); // as Esc does in its card
    expect(composing.kept?.replacement).toBe('slow');
    select(0);
    input('insertText', 'x');
    expect(cards()).toBe(1);
    expect(suggested(made)).toBe('The slow brown 🎉');
    composing.discard();
    input('insertText', 'x');
    expect(suggested(made)).toBe(`x${TEXT}`);
  });

  it('is no suggestion of who may edit', () => {
    const made = commenter();
    const { bob } = made;
    const event = new InputEvent('beforeinput', {
      inputType: 'insertText',
      data: 'x',
      cancelable: true
    });
    bob.view.contentDOM.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
  });
});

describe('what an input method writes for a commenter', () => {
  /** A commenter, what they have suggested in the end, and what others have of it. */
  function composer(text = TEXT) {
    const made = commenter(text);
    const edit = vi.spyOn(made.ann.connection, 'edit');
    const done = () => eventually(() => expect(made.view.state.field(composedText)).toBeNull());
    return { ...made, method: new InputMethod(made.view), edit, done };
  }

  it('stays in the page as it was written, and is suggested once', async () => {
    const made = composer();
    const { method, view, select, composing, edit, done, ann, bob, world } = made;
    select(4, 9);
    method.begin();
    for (const step of ['n', 'ni', 'nih', 'nihao', '你好']) {
      await method.write(step);
      expect(method.isWhole).toBe(true);
      expect(view.state.doc.toString()).toBe(`The quick${step} brown 🎉`);
    }
    await method.end('你好');
    await done();
    expect(suggested(made)).toBe('The 你好 brown 🎉');
    expect(composing.current).toMatchObject({ start: 4, end: 9, replacement: '你好' });
    world.run(5_000);
    expect(edit).not.toHaveBeenCalled();
    expect([shown(ann), shown(bob), view.state.readOnly]).toEqual([TEXT, TEXT, true]);
  });

  it('goes on with what was typed before it, and in the next syllable', async () => {
    const made = composer();
    const { method, input, select, done } = made;
    select(3);
    input('insertText', ' ');
    await method.compose('ㅎ', '하', '한');
    await method.compose('ㄱ', '구', '국');
    await done();
    expect(suggested(made)).toBe(`The 한국${TEXT.slice(3)}`);
    input('deleteContentBackward');
    expect(suggested(made)).toBe(`The 한${TEXT.slice(3)}`);
  });

  it('comes before a letter that follows at once, and is sent with Enter', async () => {
    const made = composer();
    const { method, input, key, select, threads, done } = made;
    select(0);
    await method.compose('k', 'か');
    input('insertText', '!');
    expect(suggested(made)).toBe(`か!${TEXT}`);
    await method.compose('n', 'ん');
    await done();
    key('Enter');
    key('Enter'); // the first one right after it may be that of the input method: jsdom says that it is a Safari
    expect(threads.all[0]!.thread.replacement).toBe('か!ん');
    expect(made.composing.current).toBeNull();
  });

  it('is found where equal letters stand side by side', async () => {
    const made = composer('aaaa');
    const { method, select, done } = made;
    select(2);
    await method.compose('a', 'aa', 'aab');
    await done();
    expect(made.composing.current).toMatchObject({ start: 2, end: 2, replacement: 'aab' });
  });

  it('leaves nothing where it was given up', async () => {
    const made = composer();
    const { method, select, done, composing, view } = made;
    select(4);
    await method.compose('n', '');
    await done();
    expect([composing.current, view.state.doc.toString()]).toEqual([null, TEXT]);
  });

  it('is not torn apart by what others write meanwhile', async () => {
    const made = composer();
    const { method, select, done, ann, bob, world } = made;
    select(9);
    method.begin();
    await method.write('n');
    put(bob, 0, 'So: ');
    put(bob, 4 + TEXT.length, '!');
    world.run(5_000);
    shown(ann);
    expect(method.isWhole).toBe(true);
    await method.write('ni');
    expect(method.isWhole).toBe(true);
    await method.end('ni');
    await done();
    expect(shown(ann)).toBe(`So: ${TEXT}!`);
    expect(suggested(made)).toBe('So: The quickni brown 🎉!');
  });

  it('is suggested at its place, also if the caret goes elsewhere in the end', async () => {
    const made = composer();
    const { method, select, done, view } = made;
    select(3);
    method.begin();
    await method.write('ni');
    select(12); // of which browsers do not say that it ends the input method
    await done();
    expect(suggested(made)).toBe(`Theni${TEXT.slice(3)}`);
    expect(view.state.selection.main.head).toBe(10);
  });

  it('does not begin beside a suggestion that is not sent: that is shown', async () => {
    const made = composer();
    const { method, input, select, cards, view } = made;
    select(4, 9);
    input('insertText', 'slow');
    select(0);
    await method.compose('n', 'ni');
    expect(cards()).toBe(1);
    expect(suggested(made)).toBe('The slow brown 🎉');
    expect(view.state.doc.toString()).toBe(TEXT);
  });
});
