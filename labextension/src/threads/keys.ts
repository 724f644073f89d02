import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

/** How the keys of a command are written on the user's system; empty where it has none. Users may choose others. */
export function keysOf({ keyBindings }: Pick<CommandRegistry, 'keyBindings'>, id: string): string {
  const binding = keyBindings.find(({ command, keys }) => command === id && keys.some(Boolean));
  return binding ? CommandRegistry.formatKeystroke(binding.keys).replace(/ /g, '') : '';
}

/** What something is called, with the keys that do it. */
export function withKeys(label: string, keys: string, trans: TranslationBundle): string {
  return keys ? trans.__('%1 (%2)', label, keys) : label;
}
