import { MimeData } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';
import type { Widget } from '@lumino/widgets';

import { inBackground } from '../ui/failure';

/** What JupyterLab's main area takes: a function that makes the widget. */
const FACTORY = 'application/vnd.lumino.widget-factory';
/** CSS pixels that the pointer has to move, so that a click is no drag. */
const THRESHOLD = 5;

/** Lets a row be dragged into the main area; `widgetOf` makes or finds what is shown there. */
export function dragRow(
  event: React.MouseEvent,
  title: string,
  widgetOf: () => Widget | null
): void {
  if (event.button !== 0) {
    return;
  }
  const { clientX, clientY } = event;
  const move = (moved: MouseEvent) => {
    if (Math.hypot(moved.clientX - clientX, moved.clientY - clientY) < THRESHOLD) {
      return;
    }
    stop();
    const mimeData = new MimeData();
    mimeData.setData(FACTORY, widgetOf);
    const drag = new Drag({
      dragImage: imageOf(title),
      mimeData,
      supportedActions: 'move',
      proposedAction: 'move'
    });
    inBackground(drag.start(moved.clientX, moved.clientY).then(() => drag.dispose()));
  };
  const stop = () => {
    document.removeEventListener('mousemove', move, true);
    document.removeEventListener('mouseup', stop, true);
  };
  document.addEventListener('mousemove', move, true);
  document.addEventListener('mouseup', stop, true);
}

function imageOf(title: string): HTMLElement {
  const image = document.createElement('div');
  image.className = 'jp-SpecRow-drag';
  image.textContent = title;
  return image;
}
