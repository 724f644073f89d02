import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { describe, expect, it } from 'vitest';

import { UnreadBadge } from '../../src/specs/unreadBadge';

const trans = nullTranslator.load('jupyter_speccollab');

async function shown(unread: number, readVersion: number | null): Promise<string> {
  const widget = ReactWidget.create(<UnreadBadge entry={{ unread, readVersion }} trans={trans} />);
  Widget.attach(widget, document.body);
  await widget.renderPromise;
  const { innerHTML } = widget.node;
  widget.dispose();
  return innerHTML;
}

describe('the badge of a spec', () => {
  it('tells how many changes are unread, to eyes and ears', async () => {
    expect(await shown(0, 3)).toBe('');
    expect(await shown(0, null)).toBe('');
    expect(await shown(1, 3)).toContain('1 change since you read it');
    expect(await shown(1, 3)).toContain('<span aria-hidden="true">1</span>');
    expect(await shown(250, 3)).toContain('<span aria-hidden="true">99+</span>');
  });

  it('is a dot alone where the spec was never read', async () => {
    expect(await shown(250, null)).toContain('You have not read this yet');
    expect(await shown(250, null)).not.toContain('250');
  });
});
