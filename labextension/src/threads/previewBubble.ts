import type { TranslationBundle } from '@jupyterlab/translation';

import type { SpecDocument } from '../document/document';
import { mayComment } from '../protocol';
import type { ThreadKind } from '../server/threads';

/** Pixels between a selection and its bubble. */
const GAP = 6;

/**
 * A small toolbar beside what is selected in the preview of a spec: “Comment · Suggest”. It comes when the mouse button
 * or the keys that selected are released. Returns a function that ends it.
 */
export function addPreviewBubble(
  spec: SpecDocument,
  trans: TranslationBundle,
  begin: (kind: ThreadKind) => void
): () => void {
  const { preview } = spec.content;
  if (!preview) {
    return () => undefined;
  }
  const bubble = document.createElement('div');
  bubble.className = 'jp-SpecBubble jp-ThreadBubble';
  bubble.setAttribute('role', 'toolbar');
  bubble.setAttribute('aria-label', trans.__('Write about what is selected'));
  bubble.append(
    buttonOf(trans.__('Comment'), () => begin('comment')),
    buttonOf(trans.__('Suggest'), () => begin('suggestion'))
  );
  const stop = new AbortController();
  const { signal } = stop;
  const hide = () => bubble.remove();
  const show = () => {
    const selection = window.getSelection();
    const isWanted = preview.selectedSource !== null && mayComment(spec.connection.state.role);
    if (!isWanted || !selection?.rangeCount) {
      hide();
      return;
    }
    const { left, bottom } = selection.getRangeAt(0).getBoundingClientRect();
    document.body.append(bubble);
    const farLeft = window.innerWidth - bubble.offsetWidth - GAP;
    bubble.style.left = `${Math.max(GAP, Math.min(left, farLeft))}px`;
    bubble.style.top = `${Math.min(bottom + GAP, window.innerHeight - bubble.offsetHeight - GAP)}px`;
  };
  // What is selected is known after the event.
  const later = () => setTimeout(() => !signal.aborted && show());
  preview.node.addEventListener('mouseup', later, { signal });
  preview.node.addEventListener('keyup', event => event.shiftKey && later(), { signal });
  preview.node.addEventListener('scroll', hide, { signal, capture: true, passive: true });
  document.addEventListener('selectionchange', () => window.getSelection()?.isCollapsed && hide(), {
    signal
  });
  // Also where another tab comes to the front, which does not change what is selected.
  const focused = ({ target }: FocusEvent) => {
    const isHere = [preview.node, bubble].some(each => each.contains(target as Node));
    if (!isHere) {
      hide();
    }
  };
  document.addEventListener('focusin', focused, { signal });
  for (const node of [preview.node, bubble]) {
    node.addEventListener('keydown', ({ key }) => key === 'Escape' && hide(), { signal });
  }
  return () => {
    stop.abort();
    hide();
  };

  function buttonOf(label: string, run: () => void): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'jp-SpecBubble-button jp-mod-text';
    button.textContent = label;
    // What is selected stays so.
    button.addEventListener('mousedown', event => event.preventDefault());
    button.addEventListener('click', () => {
      run();
      hide();
    });
    return button;
  }
}
