import { CommandRegistry } from '@lumino/commands';

const NOTEBOOK_PARTS = /\.jp-(Notebook|Cell|CodeCell|MarkdownCell|InputArea|OutputArea)\b/;

/** A key binding, as {@link CommandRegistry} lists them. */
export type KeyBinding = Pick<CommandRegistry.IKeyBinding, 'command' | 'keys' | 'selector'>;

/**
 * Keeps the keys that are typed into `node` from the notebook around it: Shift+Enter is a line break there and runs
 * no cell. Keys of the whole application, such as the one that saves, go on to it.
 */
export function keepKeysFromNotebook(node: HTMLElement, commands: CommandRegistry): void {
  node.addEventListener('keydown', event => {
    const keystroke = CommandRegistry.keystrokeForKeydownEvent(event);
    if (
      event.target instanceof Element &&
      isNotebookKey(commands.keyBindings, keystroke, event.target)
    ) {
      event.stopPropagation();
    }
  });
}

/** Whether a keystroke in `target` would reach a command of the notebook or one of its cells. */
export function isNotebookKey(
  bindings: Iterable<KeyBinding>,
  keystroke: string,
  target: Element
): boolean {
  for (const { command, keys, selector } of bindings) {
    if (
      keys[0] === keystroke &&
      (command.startsWith('notebook:') || NOTEBOOK_PARTS.test(selector)) &&
      target.closest(selector) !== null
    ) {
      return true;
    }
  }
  return false;
}
