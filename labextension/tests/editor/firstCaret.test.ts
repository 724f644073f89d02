import { afterEach, describe, expect, it } from 'vitest';

import { connect, Server, userOf, World } from '../kit';
import { append } from '../kit';
import { clearDesks, desk, put, shown, viewOf } from './kit';

afterEach(clearDesks);

const NEW = '---\nstatus: draft\n---\n\n# Churn\n\n## Problem\n';

describe('the caret', () => {
  it('begins below the first heading when the text arrives, and typing leaves front matter alone', () => {
    const world = new World();
    const client = connect(world, new Server(world, NEW), userOf('Ann'));
    const ann = { ...client, view: viewOf(client) };
    world.run(500);
    put(ann, ann.view.state.selection.main.head, 'Typed');
    expect(shown(ann)).toBe('---\nstatus: draft\n---\n\n# Churn\nTyped\n## Problem\n');
  });

  it('begins there in a second editor of an open spec', async () => {
    const { ann } = desk(NEW);
    const second = viewOf(ann);
    await Promise.resolve();
    expect(second.state.sliceDoc(0, second.state.selection.main.head)).toMatch(/# Churn\n$/);
  });

  it('stays where the user has put it', () => {
    const { world, ann, bob } = desk(NEW);
    ann.view.dispatch({ selection: { anchor: 3 } });
    append(bob, 'More.');
    world.run(500);
    expect(ann.view.state.selection.main.head).toBe(3);
  });
});
