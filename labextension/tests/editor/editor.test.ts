import { EditorSelection, EditorState, Transaction } from '@codemirror/state';
import { EditorView, runScopeHandlers } from '@codemirror/view';
import { afterEach, describe, expect, it } from 'vitest';

import { catchUp } from '../../src/editor/collaboration';
import { connectionOf } from '../../src/editor/connectionFacet';
import { redoOwn, undoOwn } from '../../src/editor/undo';
import { revealUser } from '../../src/editor/specEditor';
import { Text } from '../../src/text';
import { append, connect, isSynchronised, Server, userOf, World } from '../kit';
import { clearDesks, desk, put, shown, viewOf } from './kit';

afterEach(clearDesks);

describe('two editors', () => {
  it('show the same text, whoever types', () => {
    const { world, server, ann, bob } = desk('Plan 🎉\n\nText.');
    put(ann, 5, '😀');
    put(bob, 8, 'More ');
    world.run(500);
    expect(shown(ann)).toBe('Plan 😀🎉\nMore \nText.');
    expect(shown(bob)).toBe(shown(ann));
    expect(server.text.toString()).toBe(shown(ann));
  });

  it('converge under random edits with emoji, on a slow network', () => {
    for (let seed = 0; seed < 8; seed++) {
      const { world, server, ann, bob } = desk('start 🎉 text\n', [], seed);
      const { chance } = world;
      ann.wire.weather = { latency: [5, 300], duplicates: 0.1 };
      for (let step = 0; step < 60; step++) {
        const writer = chance.pick([ann, bob]);
        // The editor's text, which may lack edits that have arrived.
        const text = Text.of(writer.view.state.doc.toString());
        const start = chance.between(0, text.length);
        const end = Math.min(text.length, start + (chance.happens(0.4) ? chance.between(0, 4) : 0));
        const insert = chance.pick(['a', '😀', 'bc\n', '👩‍👩‍👧', '', 'ü']);
        put(writer, text.utf16Of(start), insert, text.utf16Of(end));
        if (chance.happens(0.05)) {
          writer.wire.cut();
        }
        world.run(chance.between(0, 150));
      }
      world.run(60_000);
      expect(shown(ann)).toBe(server.text.toString());
      expect(shown(bob)).toBe(server.text.toString());
      expect(ann.connection.document.toString()).toBe(shown(ann));
      [ann, bob].forEach(({ view }) => view.destroy());
    }
  });

  it('send a paste of 60,000 characters in parts while others type', () => {
    const { world, server, ann, bob } = desk('<>');
    const pasted = 'Lorem 🎉 ipsum\n'.repeat(4_000);
    ann.view.dispatch({ changes: { from: 1, insert: pasted }, userEvent: 'input.paste' });
    world.run(3);
    put(bob, 0, 'B');
    world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
    world.run(100);
    expect(shown(bob)).toBe(`B<${pasted}>`);
    expect(shown(ann)).toBe(shown(bob));
    expect(server.version).toBeGreaterThan(7);
    expect(server.refusals).toEqual([]);
  });

  it('clean pasted text before positions are computed', () => {
    const { world, ann, bob } = desk('[]');
    ann.view.dispatch({
      changes: { from: 1, insert: 'a\r\nb\0c\ud83d' },
      userEvent: 'input.paste'
    });
    world.run(500);
    expect(shown(ann)).toBe('[a\nbc\ufffd]');
    expect(shown(bob)).toBe('[a\nbc\ufffd]');
  });

  it('clean pasted text if the line separator allows carriage returns', () => {
    const { world, ann, bob } = desk('[]', EditorState.lineSeparator.of('\n'));
    ann.view.dispatch({ changes: { from: 1, insert: 'a\r\nb' } });
    world.run(500);
    expect([shown(ann), shown(bob)]).toEqual(['[a\nb]', '[a\nb]']);
  });

  it('show a document that arrives after they were opened', () => {
    const world = new World();
    const client = connect(world, new Server(world, 'Late 🎉'));
    const writer = { ...client, view: viewOf(client) };
    expect(writer.view.state.readOnly).toBe(true);
    world.run(500);
    expect(shown(writer)).toBe('Late 🎉');
    expect(writer.view.state.readOnly).toBe(false);
  });

  it('of one page share the connection, and show each other’s edits', () => {
    const { world, ann, bob } = desk('Hi');
    const second = { ...ann, view: viewOf(ann) };
    put(ann, 2, '!');
    expect(shown(second)).toBe('Hi!');
    put(second, 0, '> ');
    expect(shown(ann)).toBe('> Hi!');
    world.run(200);
    expect(shown(bob)).toBe('> Hi!');
    second.view.destroy();
    put(ann, 0, '>');
    world.run(200);
    expect(shown(bob)).toBe('>> Hi!');
  });

  it('converge if an extension reacts to every change with another one', () => {
    const shouting = EditorView.updateListener.of(update => {
      const text = update.state.doc.toString();
      const index = text.indexOf('(c)');
      if (index >= 0) {
        update.view.dispatch({ changes: { from: index, to: index + 3, insert: '©' } });
      }
    });
    const { world, server, ann, bob } = desk('', shouting);
    put(ann, 0, 'one (c) ');
    put(bob, 0, 'two (c) ');
    world.run(1_000);
    expect(shown(ann)).toBe(shown(bob));
    expect(server.text.toString()).toBe(shown(ann));
    expect(shown(ann)).not.toContain('(c)');
  });
});

describe('remote changes', () => {
  it('are marked as remote, trigger no actions, and keep the selection on its text', () => {
    const seen: Transaction[] = [];
    const recording = EditorView.updateListener.of(update => seen.push(...update.transactions));
    const { world, ann, bob } = desk('one two', recording);
    ann.view.dispatch({ selection: EditorSelection.single(4, 7) });
    seen.length = 0;
    put(bob, 0, 'zero ');
    world.run(500);
    catchUp(ann.view);
    const remote = seen.filter(each => each.docChanged && each.annotation(Transaction.remote));
    expect(remote.length).toBe(1);
    expect(remote[0].annotation(Transaction.addToHistory)).toBe(false);
    expect(remote[0].annotation(Transaction.userEvent)).toBeUndefined();
    expect(remote[0].scrollIntoView).toBe(false);
    const { main } = ann.view.state.selection;
    expect(ann.view.state.sliceDoc(main.from, main.to)).toBe('two');
  });

  it('arrive while an input method is composing elsewhere', () => {
    const { world, ann, bob } = desk('one two');
    ann.view.contentDOM.dispatchEvent(new CompositionEvent('compositionstart'));
    put(ann, 7, 'か');
    put(bob, 0, 'zero ');
    world.run(500);
    catchUp(ann.view);
    put(ann, 12, '蚊', 13);
    ann.view.contentDOM.dispatchEvent(new CompositionEvent('compositionend', { data: '蚊' }));
    world.run(500);
    expect(shown(ann)).toBe('zero one two蚊');
    expect(shown(bob)).toBe('zero one two蚊');
  });
});

describe('undo and redo in an editor', () => {
  it('change only text that was typed on this page', () => {
    const { world, ann, bob } = desk('Base.');
    put(ann, 5, ' Ann 😀');
    world.run(200);
    put(bob, 0, 'Bob. ');
    world.run(1_000);
    expect(undoOwn(ann.view)).toBe(true);
    expect(shown(ann)).toBe('Bob. Base.');
    expect(undoOwn(ann.view)).toBe(true);
    expect(shown(ann)).toBe('Bob. Base.');
    expect(redoOwn(ann.view)).toBe(true);
    expect(shown(ann)).toBe('Bob. Base. Ann 😀');
    world.run(500);
    expect(shown(bob)).toBe(shown(ann));
  });

  it('restore the selection', () => {
    const { world, ann, bob } = desk('one 🎉 three');
    ann.connection.setCursor({ anchor: 4, head: 5 });
    put(ann, 4, 'two', 6);
    put(bob, 0, '> ');
    world.run(500);
    undoOwn(ann.view);
    const { main } = ann.view.state.selection;
    expect([main.from, main.to]).toEqual([6, 8]);
    expect(ann.view.state.sliceDoc(main.from, main.to)).toBe('🎉');
  });

  it('work with the usual keys and the browser’s menu', () => {
    const { ann } = desk('');
    put(ann, 0, 'typed');
    const key = new KeyboardEvent('keydown', { key: 'z', code: 'KeyZ', ctrlKey: true });
    expect(runScopeHandlers(ann.view, key, 'editor')).toBe(true);
    expect(shown(ann)).toBe('');
    ann.view.contentDOM.dispatchEvent(
      new InputEvent('beforeinput', { inputType: 'historyRedo', bubbles: true, cancelable: true })
    );
    expect(shown(ann)).toBe('typed');
  });
});

describe('limits on editing', () => {
  it('keep a viewer from editing, and show the edits of others', () => {
    const world = new World();
    const server = new Server(world, 'Text');
    const ann = connect(world, server, userOf('Ann'));
    world.runUntil(() => isSynchronised(ann));
    server.role = 'viewer';
    const reader = connect(world, server, userOf('Rea'));
    world.runUntil(() => isSynchronised(reader));
    const writer = { ...reader, view: viewOf(reader) };
    put(writer, 0, 'no');
    expect(shown(writer)).toBe('Text');
    expect(writer.view.state.readOnly).toBe(true);
    expect(writer.view.contentDOM.getAttribute('contenteditable')).toBe('false');
    expect(writer.view.contentDOM.getAttribute('aria-readonly')).toBe('true');
    server.role = 'contributor';
    append(ann, '!');
    world.run(500);
    expect(shown(writer)).toBe('Text!');
  });

  it('follow a change of the role', () => {
    const { world, server, ann } = desk('Text');
    const change = (role: 'viewer' | 'contributor') => {
      server.sessions.forEach(session => session.send({ event: 'role_changed', data: { role } }));
      world.run(100);
    };
    change('viewer');
    put(ann, 0, 'no');
    expect(shown(ann)).toBe('Text');
    expect(ann.view.contentDOM.getAttribute('contenteditable')).toBe('false');
    change('contributor');
    put(ann, 0, 'yes ');
    expect(shown(ann)).toBe('yes Text');
  });

  it('show a notice before an edit that would make the document too large', () => {
    const { world, server, ann } = desk('🎉🎉🎉🎉');
    server.limits = { ...server.limits, documentLength: 6 };
    ann.wire.cut();
    world.run(3_000);
    put(ann, 0, 'ab');
    expect(shown(ann)).toBe('ab🎉🎉🎉🎉');
    put(ann, 0, 'c');
    expect(shown(ann)).toBe('ab🎉🎉🎉🎉');
    expect(ann.connection.state.notice?.code).toBe('WOULD_BE_TOO_LARGE');
    put(ann, 0, '', 1);
    world.run(500);
    expect(server.text.toString()).toBe('b🎉🎉🎉🎉');
    expect(server.refusals).toEqual([]);
  });

  it('drop unsent edits if the right to edit is withdrawn, and keep their text', () => {
    const { world, ann } = desk('Text');
    ann.wire.isDown = true;
    ann.wire.cut();
    put(ann, 4, ' unsaved');
    expect(shown(ann)).toBe('Text unsaved');
    ann.wire.isDown = false;
    ann.wire.server.refuseWith = { code: 'FORBIDDEN' };
    world.run(10_000);
    put(ann, 0, 'no');
    expect(shown(ann)).toBe('Text');
    expect(ann.view.state.readOnly).toBe(true);
    expect(ann.connection.rescued).toBe('Text unsaved');
  });
});

describe('an editor', () => {
  it('provides its connection and its users', () => {
    const { world, ann, bob } = desk('one\ntwo');
    bob.connection.setCursor({ anchor: 5, head: 5 });
    world.run(500);
    expect(connectionOf(ann.view.state)).toBe(ann.connection);
    expect(revealUser(ann.view, 'user-Bob')).toBe(true);
    expect(revealUser(ann.view, bob.connection.state.me?.sessionId ?? '')).toBe(true);
    expect(revealUser(ann.view, 'nobody')).toBe(false);
  });

  it('sends its cursor with the edits', () => {
    const { world, ann, bob } = desk('🎉');
    put(bob, 2, 'ab');
    world.run(500);
    expect(ann.connection.cursors).toMatchObject([{ userName: 'Bob', head: 3 }]);
  });
});
