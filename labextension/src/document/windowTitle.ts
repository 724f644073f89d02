import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { Title, Widget } from '@lumino/widgets';

import { SpecDocument } from './document';

/**
 * Names the current spec in the title of the browser's window.
 *
 * JupyterLab does so only for notebooks and files. It writes its own title again at any time, which then stays
 * behind the spec's.
 */
export function nameWindow({ shell }: Pick<JupyterFrontEnd, 'shell'>): void {
  let labs = document.title;
  let ours: string | null = null;
  let shown: Title<Widget> | null = null;
  const write = () => {
    if (document.title !== ours) {
      labs = document.title;
    }
    ours = shown && `${shown.label} - ${labs}`;
    if (document.title !== (ours ?? labs)) {
      document.title = ours ?? labs;
    }
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
