import { LabIcon } from '@jupyterlab/ui-components';

function icon(name: string, path: string): LabIcon {
  return new LabIcon({
    name: `speccollab:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161"><path d="${path}"/></g>
</svg>`
  });
}

/** A strip of film with a slider below it. */
export const versionsIcon = icon(
  'versions',
  'M2 2.500h12v6.600H2zm1.300 1.300v4h2v-4zm3.300 0v4h2.800v-4zm4.100 0v4h2v-4zM1.500 11.900h5.200a2 2 0 0 1 3.800 0h4v1.300h-4a2 2 0 0 1-3.800 0H1.500z'
);

export const playIcon = icon('play', 'M4.500 2.700v10.600L13 8z');
export const pauseIcon = icon('pause', 'M4 3h3v10H4zM9 3h3v10H9z');
export const stepBackIcon = icon('step-back', 'M10.500 3.300v9.400L4.500 8z');
export const stepOnIcon = icon('step-on', 'M5.500 3.300v9.400l6-4.700z');
export const sittingBackIcon = icon(
  'sitting-back',
  'M3 3.300h1.600v9.400H3zM13 3.300v9.400L5.800 8z'
);
export const sittingOnIcon = icon(
  'sitting-on',
  'M11.400 3.300H13v9.400h-1.600zM3 3.300v9.400L10.200 8z'
);
