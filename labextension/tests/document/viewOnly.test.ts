// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { expect, it, vi } from 'vitest';

import { ViewOnly } from '../../src/document/viewOnly';
import { connect, isSynchronised, Server, userOf, World } from '../kit';

it('who may only view reads so above the text, with what to do about it, until they may edit', async () => {
  const world = new World();
  const server = new Server(world, 'Text');
  server.role = 'viewer';
  const client = connect(world, server, userOf('Rea'));
  const { node } = shown(new ViewOnly(client.connection, nullTranslator.load('')));
  const shows = (text: string) => vi.waitUntil(() => node.textContent === text, { interval: 0 });
  const change = (role: 'viewer' | 'contributor') => {
    server.sessions.forEach(session => session.send({ event: 'role_changed', data: { role } }));
    world.run(100);
  };
  await shows(''); // nothing is known yet
  world.runUntil(() => isSynchronised(client));
  await shows('View onlyAsk an owner of this spec if you need to edit it.');
  change('contributor');
  await shows('');
  change('viewer');
  await shows('View onlyAsk an owner of this spec if you need to edit it.');
  expect(node.querySelector('[title]')?.getAttribute('title')).toMatch(/^Ask an owner/);
});

function shown(widget: Widget): Widget {
  Widget.attach(widget, document.body);
  return widget;
}
