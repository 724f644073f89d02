import { LabIcon } from '@jupyterlab/ui-components';

function icon(name: string, path: string): LabIcon {
  return new LabIcon({
    name: `speccollab:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">${path}</g>
</svg>`
  });
}

/** A clock whose hand goes back. */
export const historyIcon = icon(
  'history',
  '<path d="M13 3a9 9 0 0 0-9 9H1l4 4 4-4H6a7 7 0 1 1 2 4.900l-1.400 1.400A9 9 0 1 0 13 3zm-1 5v5l4.300 2.500.700-1.200-3.500-2.100V8z"/>'
);

/** A flag: a label of a version. */
export const flagIcon = icon(
  'flag',
  '<path d="M5 3v18h2v-7h5l1 2h6V5h-5.500l-1-2zm2 2h4.300l1 2H17v7h-2.800l-1-2H7z"/>'
);

/** Two columns. */
export const sideBySideIcon = icon(
  'side-by-side',
  '<path d="M4 4h16a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zm1 2v12h6V6zm8 0v12h6V6z"/>'
);

/** One column, with a line that goes and one that comes. */
export const unifiedIcon = icon(
  'unified',
  '<path d="M4 4h16a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zm1 2v12h14V6zm2 3h6v1.800H7zm0 4.400h3V12h1.800v1.400h3v1.800h-3v1.400H10v-1.400H7z"/>'
);

/** To the change above, and to the one below. */
export const previousIcon = icon(
  'previous-change',
  '<path d="M12 7l7 7-1.500 1.500L12 10l-5.500 5.500L5 14z"/>'
);
export const nextIcon = icon(
  'next-change',
  '<path d="M12 17l-7-7 1.500-1.500L12 14l5.500-5.500L19 10z"/>'
);
