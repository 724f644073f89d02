import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';

import { UnreadBadge } from '../../src/specs/unreadBadge';

const trans = nullTranslator.load('jupyter_speccollab');

function shown(unread: number, readVersion: number | null): string {
  return renderToStaticMarkup(<UnreadBadge entry={{ unread, readVersion }} trans={trans} />);
}

describe('the badge of a spec', () => {
  it('tells how many changes are unread, to eyes and ears', () => {
    expect(shown(0, 3)).toBe('');
    expect(shown(0, null)).toBe('');
    expect(shown(1, 3)).toContain('1 change since you read it');
    expect(shown(1, 3)).toContain('<span aria-hidden="true">1</span>');
    expect(shown(250, 3)).toContain('<span aria-hidden="true">99+</span>');
  });

  it('is a dot alone where the spec was never read', () => {
    expect(shown(250, null)).toContain('You have not read this yet');
    expect(shown(250, null)).not.toContain('250');
  });
});
