// @vitest-environment node
/** Only one of several pages holds an id, with Web Locks or without. */
import { afterEach, describe, expect, it } from 'vitest';

import { ChannelClaims } from '../../../src/keeping/browser/claims';
import type { Claims } from '../../../src/keeping';
import { Browser, World } from '../../kit';

type Release = (() => void) | null;

const open: ChannelClaims[] = [];

function pagesOfChannel(): Claims[] {
  const pages = [1, 2, 3].map(() => new ChannelClaims());
  open.push(...pages);
  return pages;
}

function pagesOfSimulation(): Claims[] {
  const browser = new Browser(new World());
  return [1, 2, 3].map(() => browser.page().claims);
}

function claim(claims: Claims, owner: string): Promise<Release> {
  return new Promise(done => claims.claim(owner, done));
}

afterEach(() => open.splice(0).forEach(claims => claims.close()));

describe.each([
  ['a channel', pagesOfChannel],
  ['the simulation', pagesOfSimulation]
])('claims by %s', (_, make) => {
  it('give an id to the first page that asks, until it is released', async () => {
    const [one, two] = make();
    const release = await claim(one!, 'a');
    expect(release).not.toBeNull();
    expect(await claim(two!, 'a')).toBeNull();
    expect(await claim(one!, 'a')).toBeNull();
    release!();
    expect(await claim(two!, 'a')).not.toBeNull();
  });

  it('give an id to one of several pages that ask at once', async () => {
    for (let round = 0; round < 5; round++) {
      const all = await Promise.all(make().map(page => claim(page, `a${round}`)));
      expect(all.filter(release => release !== null).length).toBe(1);
    }
  });

  it('are independent for different ids', async () => {
    const [one, two] = make();
    expect(await claim(one!, 'a')).not.toBeNull();
    expect(await claim(two!, 'b')).not.toBeNull();
  });
});
