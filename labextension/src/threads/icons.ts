import { LabIcon } from '@jupyterlab/ui-components';

function icon(name: string, path: string): LabIcon {
  return new LabIcon({
    name: `speccollab:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">${path}</g>
</svg>`
  });
}

/** A bubble with two lines of words. */
export const commentIcon = icon(
  'comment',
  '<path d="M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-7.500L7 21.500V17H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm0 2v10h5v2.500l2.700-2.500H20V5zm3 2.500h10v1.800H7zm0 3.300h7v1.800H7z"/>'
);

/** A pencil over a dotted line. */
export const suggestionIcon = icon(
  'suggestion',
  '<path d="M15.700 3.300a1.500 1.500 0 0 1 2.100 0l2.900 2.900a1.500 1.500 0 0 1 0 2.100L9.500 19.500 4 20.500l1-5.500zM7 16l-.500 2 2-.500 7.700-7.700-1.500-1.500zM12.500 20H15v1.800h-2.500zM17 20h2.500v1.800H17z"/>'
);

/** A tick in a circle: resolved. */
export const resolveIcon = icon(
  'resolve',
  '<path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm4.300 3.700L10.500 13.500 7.700 10.700l-1.400 1.400 4.200 4.200 7.200-7.200z"/>'
);

/** An arrow that goes back: open again. */
export const reopenIcon = icon(
  'reopen',
  '<path d="M12 5V1L6.500 6.500 12 12V8a5.500 5.500 0 1 1-5.400 6.700H4.500A7.500 7.500 0 1 0 12 5z"/>'
);
