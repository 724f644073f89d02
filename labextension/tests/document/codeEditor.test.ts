import '../editor/kit/layout';
import '../kit/lab';

import { keymap, runScopeHandlers } from '@codemirror/view';
import {
  EditorExtensionRegistry,
  EditorLanguageRegistry,
  EditorThemeRegistry,
  ybinding
} from '@jupyterlab/codemirror';
import type { IYText } from '@jupyter/ydoc';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { SpecCodeEditor } from '../../src/document/codeEditor';
import { EditorConfiguration } from '../../src/document/editorConfiguration';
import { catchUp } from '../../src/editor';
import { connectionOf } from '../../src/editor/connectionFacet';
import { append, type Client, connect, isSynchronised, Server, userOf, World } from '../kit';

const editors: SpecCodeEditor[] = [];

afterEach(() => {
  editors.splice(0).forEach(editor => editor.dispose());
  document.body.replaceChildren();
});

/** JupyterLab's registry as JupyterLab fills it. */
function labRegistry(): EditorExtensionRegistry {
  const registry = new EditorExtensionRegistry();
  const themes = new EditorThemeRegistry();
  EditorExtensionRegistry.getDefaultExtensions({ themes }).forEach(each =>
    registry.addExtension(each)
  );
  registry.addExtension({
    name: 'shared-model-binding',
    factory: ({ model }) => {
      const { ysource, undoManager } = model.sharedModel as IYText;
      const binding = ybinding({ ytext: ysource, undoManager: undoManager ?? undefined });
      return EditorExtensionRegistry.createImmutableExtension(binding);
    }
  });
  return registry;
}

interface Place extends Client {
  readonly world: World;
  readonly server: Server;
  readonly bob: Client;
  readonly registry: EditorExtensionRegistry;
  readonly configuration: EditorConfiguration;
  readonly editor: SpecCodeEditor;
}

function place(content: string, registry = labRegistry()): Place {
  const world = new World(1);
  const server = new Server(world, content);
  const [ann, bob] = ['Ann', 'Bob'].map(name => connect(world, server, userOf(name)));
  world.runUntil(() => [ann, bob].every(isSynchronised));
  const configuration = new EditorConfiguration(registry, new EditorLanguageRegistry());
  configuration.options = { lineNumbers: false, lineWrap: true };
  const host = document.body.appendChild(document.createElement('div'));
  const editor = configuration.createEditor(host, ann.connection);
  editors.push(editor);
  return { ...ann, bob, world, server, registry, configuration, editor };
}

describe('the editor of a spec', () => {
  it('has the connection’s text, and its Yjs text has none', () => {
    const { world, editor, connection, bob } = place('Text 🎉');
    const { sharedModel } = editor.model;
    const changed = vi.fn();
    sharedModel.changed.connect((_, change) => changed(change));
    editor.editor.dispatch({ changes: { from: 0, insert: 'My ' }, userEvent: 'input.type' });
    append(bob, '!');
    world.run(500);
    catchUp(editor.editor);
    expect(sharedModel.getSource()).toBe('My Text 🎉!');
    expect(connection.document.toString()).toBe('My Text 🎉!');
    expect((sharedModel as unknown as IYText).ysource.toString()).toBe('');
    expect(changed.mock.calls).toEqual([
      [{ sourceChange: [{ insert: 'My ' }] }],
      [{ sourceChange: [{ retain: 10 }, { insert: '!' }] }]
    ]);
  });

  it('is edited and undone through its shared model, as notebook cells are', () => {
    const { world, editor, bob } = place('one two');
    const { sharedModel } = editor.model;
    sharedModel.updateSource(0, 3, 'ten');
    append(bob, ' more');
    world.run(500);
    catchUp(editor.editor);
    expect(sharedModel.source).toBe('ten two more');
    expect(sharedModel.canUndo()).toBe(true);
    editor.undo();
    expect(sharedModel.source).toBe('one two more');
    editor.redo();
    expect(sharedModel.source).toBe('ten two more');
    sharedModel.setSource('new');
    world.run(500);
    expect(bob.connection.document.toString()).toBe('new');
  });

  it('can be reached with the Tab key before it can be edited and afterwards', () => {
    const { world, server, configuration } = place('Text');
    const late = connect(world, server, userOf('Late'));
    const host = document.body.appendChild(document.createElement('div'));
    const editor = configuration.createEditor(host, late.connection);
    editors.push(editor);
    const { contentDOM } = editor.editor;
    expect([editor.state.readOnly, contentDOM.getAttribute('tabindex')]).toEqual([true, '0']);
    world.runUntil(() => isSynchronised(late));
    expect([editor.state.readOnly, contentDOM.getAttribute('tabindex')]).toEqual([false, '0']);
  });

  it('has what extensions add to JupyterLab’s registry, also what they switch on later', () => {
    const registry = labRegistry();
    const pressed: string[] = [];
    const bind = (key: string) => keymap.of([{ key, run: () => pressed.push(key) > 0 }]);
    registry.addExtension({
      name: 'speller',
      factory: () => EditorExtensionRegistry.createImmutableExtension(bind('Ctrl-1'))
    });
    registry.addExtension({
      name: 'vim',
      factory: () => EditorExtensionRegistry.createConditionalExtension(bind('Ctrl-2'))
    });
    const { editor } = place('', registry);
    const press = (key: string) =>
      runScopeHandlers(
        editor.editor,
        new KeyboardEvent('keydown', { key, ctrlKey: true }),
        'editor'
      );
    press('1');
    press('2');
    editor.setOption('vim', true);
    press('2');
    expect(pressed).toEqual(['Ctrl-1', 'Ctrl-2']);
  });

  it('follows JupyterLab’s settings, except for what is set for specs', () => {
    const { editor, registry, configuration } = place('');
    const numbers = () => editor.editor.dom.querySelector('.cm-lineNumbers') !== null;
    editor.setOption('vim', true);
    registry.baseConfiguration = { tabSize: 8, lineNumbers: true };
    expect(editor.state.tabSize).toBe(8);
    expect([numbers(), editor.getOption('lineNumbers')]).toEqual([false, false]);
    configuration.options = { lineNumbers: true, lineWrap: true };
    expect(numbers()).toBe(true);
    configuration.options = { lineNumbers: false };
    expect([numbers(), editor.getOption('vim')]).toEqual([false, true]);
  });

  it('stays bound to the connection when JupyterLab makes its state anew for another font', () => {
    const { world, editor, registry, bob } = place('Text');
    registry.baseConfiguration = {
      customStyles: { fontFamily: null, fontSize: 20, lineHeight: 2 }
    };
    append(bob, ' of Bob');
    world.run(500);
    editor.editor.dispatch({ changes: { from: 0, insert: '> ' } });
    world.run(500);
    catchUp(editor.editor);
    expect(bob.connection.document.toString()).toBe('> Text of Bob');
    expect(editor.editor.state.doc.toString()).toBe('> Text of Bob');
    expect(connectionOf(editor.editor.state)).not.toBeNull();
  });
});
