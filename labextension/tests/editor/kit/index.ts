import './layout';

import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import { specEditing } from '../../../src/editor';
import { catchUp } from '../../../src/editor/collaboration';
import { type Client, connect, isSynchronised, Server, userOf, World } from '../../kit';

export interface Writer extends Client {
  readonly view: EditorView;
}

export interface Desk {
  readonly world: World;
  readonly server: Server;
  readonly ann: Writer;
  readonly bob: Writer;
}

/** Two users who edit one document, each with an editor. */
export function desk(content: string, extensions: Extension = [], seed = 1): Desk {
  const world = new World(seed);
  const server = new Server(world, content);
  const clients = ['Ann', 'Bob'].map(name => connect(world, server, userOf(name)));
  world.runUntil(() => clients.every(isSynchronised));
  const [ann, bob] = clients.map(client => ({ ...client, view: viewOf(client, extensions) }));
  return { world, server, ann, bob };
}

const views = new Set<EditorView>();

/** Destroys all editors of a test, since their timers must not outlive the page. */
export function clearDesks(): void {
  views.forEach(view => view.destroy());
  views.clear();
  document.body.replaceChildren();
}

export function viewOf({ connection }: Client, extensions: Extension = []): EditorView {
  const state = EditorState.create({
    doc: connection.document.toString(),
    extensions: [specEditing(connection), extensions]
  });
  const view = new EditorView({ parent: document.body, state });
  views.add(view);
  return view;
}

/** The text of an editor that shows all that has arrived. */
export function shown({ view }: { readonly view: EditorView }): string {
  catchUp(view);
  return view.state.doc.toString();
}

/** Replaces a range of UTF-16 units, as typing does. */
export function put({ view }: Writer, from: number, insert: string, to = from): void {
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: 'input.type'
  });
}
