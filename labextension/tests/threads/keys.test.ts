import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { expect, it } from 'vitest';

import { keysOf, withKeys } from '../../src/threads/keys';

const trans = nullTranslator.load('');

it('the keys of a command are the ones that are bound to it, also where users chose others', () => {
  const commands = new CommandRegistry();
  expect(keysOf(commands, 'comment')).toBe('');
  const standard = commands.addKeyBinding({
    command: 'comment',
    keys: ['Ctrl Alt M'],
    selector: 'p'
  });
  expect(keysOf(commands, 'comment')).toBe('Ctrl+Alt+M');
  standard.dispose();
  commands.addKeyBinding({ command: 'comment', keys: ['F7'], selector: 'p' });
  expect(keysOf(commands, 'comment')).toBe('F7');
});

it('a label names the keys, if there are any', () => {
  expect(withKeys('Accept', 'Alt+A', trans)).toBe('Accept (Alt+A)');
  expect(withKeys('Accept', '', trans)).toBe('Accept');
});
