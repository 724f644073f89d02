// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';
import '../editor/kit/layout';

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import {
  EditorExtensionRegistry,
  EditorLanguageRegistry,
  EditorThemeRegistry
} from '@jupyterlab/codemirror';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';
import { getCM, vim, Vim } from '@replit/codemirror-vim';
import { afterEach, describe, expect, it } from 'vitest';

import type { SpecDocument } from '../../src/document/document';
import { EditorConfiguration } from '../../src/document/editorConfiguration';
import { addVimKeys } from '../../src/document/vimKeys';
import { connect, isSynchronised, Server, userOf, World } from '../kit';

afterEach(() => document.body.replaceChildren());

/** A spec in a JupyterLab with the extension jupyterlab-vim, which has these settings. */
async function spec(content: string, settings: Record<string, unknown>, isInstalled = true) {
  const world = new World(1);
  const ann = connect(world, new Server(world, content), userOf('Ann'));
  world.runUntil(() => isSynchronised(ann));
  const registry = new EditorExtensionRegistry();
  EditorExtensionRegistry.getDefaultExtensions({ themes: new EditorThemeRegistry() }).forEach(
    each => registry.addExtension(each)
  );
  registry.addExtension({
    name: 'vim',
    factory: () => EditorExtensionRegistry.createConditionalExtension(vim({ status: false }))
  });
  const configuration = new EditorConfiguration(registry, new EditorLanguageRegistry());
  const node = document.body.appendChild(document.createElement('div'));
  const codeEditor = configuration.createEditor(node, ann.connection);
  const document_ = {
    node,
    content: { codeEditor, connection: ann.connection }
  } as unknown as SpecDocument;
  const tracker = {
    forEach: (run: (each: SpecDocument) => void) => run(document_),
    widgetAdded: new Signal({})
  } as unknown as WidgetTracker<SpecDocument>;
  const loaded = {
    get: (name: string) => ({ composite: settings[name] }),
    changed: new Signal({})
  };
  const app = { hasPlugin: () => isInstalled } as unknown as JupyterFrontEnd;
  const registered = { load: async () => loaded } as unknown as ISettingRegistry;
  await addVimKeys(app, tracker, registered);
  const { editor: view } = codeEditor;
  return {
    text: () => view.state.doc.toString(),
    /** Presses keys as Vim names them. */
    press: (...keys: string[]) => {
      node.dispatchEvent(new KeyboardEvent('keydown'));
      keys.forEach(key => Vim.handleKey(getCM(view)!, key, 'user'));
    },
    hasVim: () => getCM(view) !== null,
    isVisual: () => getCM(view)?.state.vim?.visualMode ?? false,
    set: (changes: Record<string, unknown>) => {
      Object.assign(settings, changes);
      loaded.changed.emit(undefined as never);
    }
  };
}

const ON = { enabled: true, enabledInEditors: true };

describe('Vim’s keys', () => {
  it('edit a spec, and undo the user’s own edits, several at once too', async () => {
    Vim.defineAction('undo', () => {
      throw new Error('the undo of another editor');
    });
    const { text, press, isVisual } = await spec('one\ntwo\nthree', ON);
    press('d', 'd', 'x');
    expect(text()).toBe('wo\nthree');
    press('u');
    expect([text(), isVisual()]).toEqual(['two\nthree', false]);
    press('<C-r>', '2', 'u');
    expect([text(), isVisual()]).toEqual(['one\ntwo\nthree', false]);
  });

  it('follow the settings, and the bindings in them', async () => {
    const binding = { command: 'Q', keys: 'dd', context: 'normal', mapfn: 'map', enabled: true };
    const { text, press, hasVim, set } = await spec('one\ntwo', {
      ...ON,
      extraKeybindings: [binding, { ...binding, command: 'Z', enabled: false }]
    });
    press('Q');
    expect(text()).toBe('two');
    set({ enabledInEditors: false });
    expect(hasVim()).toBe(false);
    set({ enabledInEditors: true });
    expect(hasVim()).toBe(true);
  });

  it('are not there without the extension', async () => {
    expect((await spec('', ON, false)).hasVim()).toBe(false);
  });
});
