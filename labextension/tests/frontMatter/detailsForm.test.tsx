import '../kit/lab';

import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Details } from '../../src/frontMatter/details';
import { DetailsForm } from '../../src/frontMatter/detailsForm';
import { clearDesks, desk, put, shown, type Writer } from '../editor/kit';

const TEXT = '---\nstatus: draft # for now\nother: 1\n---\n\n# Title\n';
const trans = nullTranslator.load('');

afterEach(clearDesks);

async function formOf({ view }: Writer): Promise<DetailsForm> {
  const details = new Details(view);
  const form = new DetailsForm(details, trans);
  Widget.attach(form, document.body);
  await vi.waitFor(() => expect(details.state).not.toBeNull(), { timeout: 20_000 });
  MessageLoop.flush();
  return form;
}

async function open(form: DetailsForm): Promise<void> {
  const button = await vi.waitFor(() => {
    const found = form.node.querySelector<HTMLButtonElement>('.jp-SpecDetails-summary');
    expect(found).not.toBeNull();
    return found!;
  });
  button.click();
  await vi.waitFor(() => expect(form.node.querySelector('input')).not.toBeNull());
}

function field(form: DetailsForm, label: string): HTMLInputElement {
  const found = [...form.node.querySelectorAll('label')].find(each => each.textContent === label);
  return document.getElementById(found!.htmlFor) as HTMLInputElement;
}

function type(input: HTMLInputElement, text: string): void {
  input.focus();
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!;
  set!.call(input, text);
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

describe('the details of a spec', () => {
  it('stand in one line, and open into fields', async () => {
    const form = await formOf(desk(TEXT).ann);
    await vi.waitFor(() => expect(form.node.textContent).toBe('draft'));
    await open(form);
    expect(field(form, 'Status').value).toBe('draft');
    form.dispose();
  });

  it('are written into the text, and arrive at others', async () => {
    const { world, ann, bob } = desk(TEXT);
    const form = await formOf(ann);
    await open(form);
    type(field(form, 'Status'), 'approved');
    field(form, 'Status').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })
    );
    const expected = TEXT.replace('draft', 'approved');
    await vi.waitFor(() => expect(shown(ann)).toBe(expected), { timeout: 20_000 });
    world.runUntil(() => shown(bob) === expected);
    form.dispose();
  });

  it('follow what others type, and keep what one is typing', async () => {
    const { world, ann, bob } = desk(TEXT);
    const form = await formOf(ann);
    await open(form);
    type(field(form, 'Owner'), 'Ad');
    put(bob, TEXT.indexOf('draft'), 'review', TEXT.indexOf('draft') + 5);
    world.runUntil(() => shown(ann).includes('review'));
    await vi.waitFor(() => expect(field(form, 'Status').value).toBe('review'), { timeout: 20_000 });
    expect(field(form, 'Owner').value).toBe('Ad');
    form.dispose();
  });

  it('tell where broken YAML is wrong, and leave it as it is', async () => {
    const broken = '---\nstatus: [draft\n---\n';
    const { ann } = desk(broken);
    const form = await formOf(ann);
    await vi.waitFor(() => expect(form.node.textContent).toContain('Go to line'));
    expect(shown(ann)).toBe(broken);
    form.dispose();
  });
});
