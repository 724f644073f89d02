import type { EditorView } from '@codemirror/view';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';

import { redoOwn, undoOwn } from '../editor';
import type { SpecDocument } from './document';

const VIM = '@axlair/jupyterlab_vim';

/** A key binding in the settings of that extension. */
interface VimBinding {
  readonly command: string;
  readonly keys: string;
  readonly context: string;
  readonly mapfn: 'map' | 'noremap';
  readonly enabled: boolean;
}

/**
 * Gives specs the keys of the extension jupyterlab-vim, where it is installed and switched on.
 *
 * The extension adds Vim to JupyterLab's registry of editor extensions, but switches it on only in notebooks and files.
 */
export async function addVimKeys(
  app: JupyterFrontEnd,
  tracker: WidgetTracker<SpecDocument>,
  settings: ISettingRegistry
): Promise<void> {
  if (!app.hasPlugin(VIM)) {
    return;
  }
  const [{ getCM, Vim }, vim] = await Promise.all([
    import('@replit/codemirror-vim'),
    settings.load(`${VIM}:plugin`)
  ]);
  const isOn = () =>
    ['enabled', 'enabledInEditors'].every(name => vim.get(name).composite === true);
  /** Vim has one undo for the page, which the extension binds to the notebook or file that was used last. */
  const bindUndo = () => {
    Vim.defineAction('undo', repeated(undoOwn));
    Vim.defineAction('redo', repeated(redoOwn));
  };
  const bindKeys = () => {
    const bindings = (vim.get('extraKeybindings').composite ?? []) as unknown as VimBinding[];
    bindings
      .filter(({ enabled }) => enabled)
      .forEach(({ mapfn, command, keys, context }) => Vim[mapfn](command, keys, context));
  };
  const follow = (document: SpecDocument) => {
    const { codeEditor, connection } = document.content;
    codeEditor.setOption('vim', isOn());
    // Each command of Vim is a step to undo.
    getCM(codeEditor.editor)?.on('vim-command-done', () => connection.closeUndoStep());
  };
  const add = (document: SpecDocument) => {
    follow(document);
    document.node.addEventListener('keydown', () => isOn() && bindUndo(), { capture: true });
  };
  const changed = () => {
    if (isOn()) {
      bindKeys();
    }
    tracker.forEach(follow);
  };
  tracker.forEach(add);
  tracker.widgetAdded.connect((_, document) => add(document));
  vim.changed.connect(changed);
  changed();
}

/** An action of Vim that undoes or redoes so many steps. A selection that comes back would begin Vim's visual mode. */
function repeated(run: (view: EditorView) => boolean) {
  return ({ cm6: view }: { cm6: EditorView }, { repeat }: { repeat: number }) => {
    for (let done = 0; done < repeat; done++) {
      run(view);
    }
    view.dispatch({ selection: { anchor: view.state.selection.main.from } });
  };
}
