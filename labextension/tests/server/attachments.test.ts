import { expect, it } from 'vitest';

import { addressFor } from '../../src/server/attachments';

it('an SVG gets an address that is not of the page’s origin', async () => {
  const svg = new Blob(['<svg><script>alert(1)</script></svg>'], { type: 'image/svg+xml' });
  expect(await addressFor(svg)).toMatch(/^data:image\/svg\+xml/);
});
