// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { expect, it, vi } from 'vitest';

import type { Role } from '../../src/protocol';
import { AddForm } from '../../src/sharing/addForm';
import { type AccessApi, Sharing } from '../../src/sharing/sharing';
import { accessOf, person } from './access';

const trans = nullTranslator.load('');

class Body extends ReactWidget {
  constructor(private readonly sharing: Sharing) {
    super();
  }

  protected override render(): JSX.Element {
    return <AddForm sharing={this.sharing} access={this.sharing.state.access!} trans={trans} />;
  }
}

/** A form for a spec of `ada`, whose server takes `alice` for whoever is named. */
async function openForm() {
  const calls: string[] = [];
  const api: AccessApi = {
    list: () => Promise.resolve(accessOf('ada', [person('ada', 'owner')])),
    remove: () => Promise.resolve(),
    setRole: (_: string, principal: string, role: Role) => {
      calls.push(`${principal} ${role}`);
      const hint = { message: '', near: ['user:alice'] };
      return Promise.resolve({ ...person(principal.slice(5), role), principal, hint });
    }
  };
  const sharing = new Sharing(api, 'spec');
  await sharing.refresh();
  const body = new Body(sharing);
  sharing.changed.connect(() => body.update());
  Widget.attach(body, document.body);
  const input = () => body.node.querySelector('input')!;
  const type = (text: string) => {
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!;
    set!.call(input(), text);
    input().dispatchEvent(new Event('input', { bubbles: true }));
  };
  await vi.waitUntil(() => body.node.querySelector('input'));
  const button = (label: string) =>
    [...body.node.querySelectorAll('button')].find(each => each.textContent === label);
  return { calls, sharing, body, type, button };
}

it('the suggestion says what it does, and goes when something else is typed', async () => {
  const { calls, sharing, type, button } = await openForm();
  await sharing.add('user:Alice', 'viewer');
  const offer = () => button('Share with alice instead');
  await vi.waitUntil(offer);
  type('b');
  await vi.waitUntil(() => !offer());
  await sharing.add('user:Alice', 'viewer');
  await vi.waitUntil(offer);
  offer()!.click();
  offer()?.click();
  await sharing.settled;
  expect(calls.slice(2)).toEqual(['user:alice viewer']);
});
