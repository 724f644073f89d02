import { CommandRegistry } from '@lumino/commands';

/** What runs the cell that an output belongs to. */
const RUNNERS = '.jp-NotebookPanel, .jp-ConsolePanel, .jp-CodeConsole';
const PARTS_OF_RUNNERS = /\.jp-(Notebook|Cell|CodeCell|InputArea|OutputArea|CodeConsole)\b/;

/** A key binding, as {@link CommandRegistry} lists them. */
export type KeyBinding = Pick<CommandRegistry.IKeyBinding, 'command' | 'keys' | 'selector'>;

/**
 * Keeps the keys that are typed into `node` from the notebook or console around it: Shift+Enter is a line break there
 * and runs no cell. Keys of the whole application, such as the one that saves, go on to it.
 */
export function keepKeysFromNotebook(node: HTMLElement, commands: CommandRegistry): void {
  node.addEventListener('keydown', event => {
    const keystroke = CommandRegistry.keystrokeForKeydownEvent(event);
    const { target } = event;
    if (target instanceof Element && isNotebookKey(commands.keyBindings, keystroke, target, node)) {
      event.stopPropagation();
    }
  });
}

/**
 * Whether a keystroke in `target`, which is in `node`, would reach a command of the notebook around `node`.
 *
 * Such a binding is on the notebook, one of its parts or what is around it as far as its panel, or it is for whatever
 * has the focus in a notebook.
 */
export function isNotebookKey(
  bindings: Iterable<KeyBinding>,
  keystroke: string,
  target: Element,
  node: Element
): boolean {
  const runner = node.closest(RUNNERS);
  for (const { command, keys, selector } of bindings) {
    const bound = runner && keys[0] === keystroke ? target.closest(selector) : null;
    if (bound && runner?.contains(bound)) {
      const isOwn = node.contains(bound);
      if (!isOwn || command.startsWith('notebook:') || PARTS_OF_RUNNERS.test(selector)) {
        return true;
      }
    }
  }
  return false;
}
