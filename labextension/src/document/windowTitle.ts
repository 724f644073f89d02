import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Title, Widget } from '@lumino/widgets';

import { SpecDocument } from './document';

/**
 * Names the current spec in the title of the browser's window.
 *
 * JupyterLab does so only for notebooks and files. It writes its own title again at any time, which then stays
 * behind the spec's.
 *
 * Law (`windowTitle.test.ts`): the title is set only after somebody else set it, or after the spec changed.
 */
export function nameWindow({ shell }: Pick<JupyterFrontEnd, 'shell'>): void {
  let labs = document.title;
  /** What was set last, and what the browser made of it: it joins and strips white space. */
  let written = labs;
  let ours = labs;
  let shown: Title<Widget> | null = null;
  const write = () => {
    const found = document.title;
    if (found !== ours) {
      labs = found;
    }
    const text = shown ? `${shown.label} - ${labs}` : labs;
    if (found === ours && text === written) {
      return;
    }
    if (found !== text) {
      document.title = text;
    }
    written = text;
    ours = document.title;
  };
  const follow = () => {
    const current = shell.currentWidget;
    shown?.changed.disconnect(write);
    shown = current instanceof SpecDocument ? current.title : null;
    shown?.changed.connect(write);
    write();
  };
  shell.currentChanged?.connect(follow);
  new MutationObserver(write).observe(document.head, { childList: true, subtree: true });
  follow();
}
