import { afterEach, describe, expect, it } from 'vitest';

import { authorTint, setTint, type TintedPiece } from '../../src/editor/authorTint';
import { catchUp } from '../../src/editor/collaboration';
import { codePointLength } from '../../src/text';
import { clearDesks, desk, put, type Desk } from './kit';

afterEach(clearDesks);

/** Digits look like one person, letters like another one; nothing else is tinted. */
function sourceOf({ connection }: Desk['ann']) {
  const pieces = (from: number, to: number): TintedPiece[] => {
    const text = connection.document.slice(from, to);
    return [...text.matchAll(/\d+|[a-z]+/gu)].map(match => {
      const start = from + codePointLength(text.slice(0, match.index));
      const isNumber = /\d/.test(match[0]);
      return {
        from: start,
        to: start + match[0].length,
        className: isNumber ? 'digits' : 'letters',
        colour: isNumber ? '#123456' : null
      };
    });
  };
  return { within: pieces, tooltipAt: () => null };
}

function tinted({ view }: Desk['ann'], className: string): string[] {
  const found = view.contentDOM.querySelectorAll(`.${className}`);
  return [...found].map(({ textContent }) => textContent ?? '');
}

async function nextFrame(): Promise<void> {
  await new Promise(resolve => requestAnimationFrame(resolve));
}

describe('the tint of a text', () => {
  it('is there only while it is wanted', async () => {
    const { ann } = desk('ab 12 cd\n', authorTint);
    expect(tinted(ann, 'digits')).toEqual([]);
    setTint(ann.view, sourceOf(ann));
    await nextFrame();
    expect(tinted(ann, 'digits')).toEqual(['12']);
    expect(tinted(ann, 'letters')).toEqual(['ab', 'cd']);
    const mark = ann.view.contentDOM.querySelector<HTMLElement>('.digits');
    expect(mark?.style.getPropertyValue('--speccollab-person')).toBe('#123456');
    setTint(ann.view, null);
    await nextFrame();
    expect(tinted(ann, 'digits')).toEqual([]);
  });

  it('follows what one types oneself, and what others type', async () => {
    const { world, ann, bob } = desk('ab 12 cd\n', authorTint);
    setTint(ann.view, sourceOf(ann));
    await nextFrame();
    put(ann, 4, 'x');
    await nextFrame();
    expect(tinted(ann, 'digits')).toEqual(['1', '2']);
    expect(tinted(ann, 'letters')).toEqual(['ab', 'x', 'cd']);
    put(bob, 0, '99 ');
    world.run(5_000);
    catchUp(ann.view);
    await nextFrame();
    expect(ann.view.state.doc.toString()).toBe('99 ab 1x2 cd\n');
    expect(tinted(ann, 'digits')).toEqual(['99', '1', '2']);
  });

  it('waits while the editor lacks edits of others', async () => {
    const { world, ann, bob } = desk('ab 12 cd\n', authorTint);
    setTint(ann.view, sourceOf(ann));
    await nextFrame();
    put(bob, 3, 'zz');
    world.run(5_000);
    // What has arrived is shown in the next frame.
    expect(tinted(ann, 'digits')).toEqual(['12']);
    catchUp(ann.view);
    await nextFrame();
    expect(ann.view.state.doc.toString()).toBe('ab zz12 cd\n');
    expect(tinted(ann, 'digits')).toEqual(['12']);
    expect(tinted(ann, 'letters')).toEqual(['ab', 'zz', 'cd']);
  });

  it('is right beside letters of two units', async () => {
    const { ann } = desk('😀12😀ab😀\n', authorTint);
    setTint(ann.view, sourceOf(ann));
    await nextFrame();
    expect([tinted(ann, 'digits'), tinted(ann, 'letters')]).toEqual([['12'], ['ab']]);
  });

  it('has a bound', async () => {
    const { ann } = desk('a1'.repeat(5_000), authorTint);
    setTint(ann.view, sourceOf(ann));
    await nextFrame();
    expect(tinted(ann, 'digits').length).toBeLessThanOrEqual(2_000);
  });
});
