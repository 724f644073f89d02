import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { expect, it } from 'vitest';

import { ThreadsBadge } from '../../src/specs/threadsBadge';

const trans = nullTranslator.load('jupyter_speccollab');

async function shown(openThreads?: number, mentions?: number): Promise<string> {
  const entry = { openThreads, mentions };
  const widget = ReactWidget.create(<ThreadsBadge entry={entry} trans={trans} />);
  Widget.attach(widget, document.body);
  await widget.renderPromise;
  const { innerHTML } = widget.node;
  widget.dispose();
  return innerHTML;
}

it('a spec tells its open comments, and those that mention one, to eyes and ears', async () => {
  expect(await shown()).toBe('');
  expect(await shown(0, 0)).toBe('');
  expect(await shown(1, 0)).toContain('title="1 open comment"');
  expect(await shown(3, 2)).toContain('3 open comments, 2 mention you and wait for your answer');
  expect(await shown(3, 2)).toContain('@3');
  expect(await shown(120, 0)).toContain('99+');
});
