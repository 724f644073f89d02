// The first import: it completes jsdom for the packages of the others.
import '../kit/lab';

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Signal } from '@lumino/signaling';
import { type Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SpecDocument } from '../../src/document/document';
import { nameWindow } from '../../src/document/windowTitle';

/** Ends the part of the last shell. */
let leave = () => {};

/** A shell whose current spec names the window. */
function openShell() {
  const shell = { currentWidget: null as Widget | null } as unknown as JupyterFrontEnd['shell'];
  const changed = new Signal<typeof shell, void>(shell);
  Object.assign(shell, { currentChanged: changed });
  const show = (widget: Widget | null) => {
    Object.assign(shell, { currentWidget: widget });
    changed.emit();
  };
  nameWindow({ shell });
  leave = () => show(null);
  return show;
}

/** A spec of which only the title is needed. */
function specNamed(label: string): SpecDocument {
  const spec = Object.create(SpecDocument.prototype) as SpecDocument;
  spec.title.label = label;
  return spec;
}

/** Resolves after the observers of the document have run as often as they want to. */
const observed = () => new Promise(resolve => setTimeout(resolve, 0));

describe('the title of the window', () => {
  /** How often the title was set. After 20 times it stays as it is, so that the test ends. */
  let writes = 0;

  beforeEach(() => {
    document.title = 'JupyterLab';
    writes = 0;
    const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, 'title')!;
    vi.spyOn(document, 'title', 'set').mockImplementation(title => {
      if (++writes <= 20) {
        set!.call(document, title);
      }
    });
    vi.spyOn(document, 'title', 'get').mockImplementation(() => get!.call(document) as string);
  });

  afterEach(() => {
    leave();
    vi.restoreAllMocks();
  });

  it.each(['A  B', ' A', 'A\tB', ' '])('names the spec %j, and is set once', async label => {
    const show = openShell();
    show(specNamed(label));
    await observed();
    expect(writes).toBe(1);
    expect(document.title).toBe(`${label} - JupyterLab`.replace(/\s+/g, ' ').trim());
  });

  it('stays the spec’s when JupyterLab writes its own again, and follows the spec’s', async () => {
    const show = openShell();
    const spec = specNamed('A  B');
    show(spec);
    document.title = 'plan.ipynb';
    await observed();
    expect(document.title).toBe('A B - plan.ipynb');
    document.title = 'plan.ipynb';
    await observed();
    expect(document.title).toBe('A B - plan.ipynb');
    spec.title.label = 'C';
    expect(document.title).toBe('C - plan.ipynb');
    show(null);
    await observed();
    expect(document.title).toBe('plan.ipynb');
    expect(writes).toBe(7);
  });
});
