import { LabIcon } from '@jupyterlab/ui-components';

function icon(name: string, paths: string): LabIcon {
  return new LabIcon({
    name: `speccollab:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">
  <g class="jp-icon3" fill="#616161">${paths}</g>
</svg>`
  });
}

const FRAME = 'M1 2.500h14v11H1zM2.200 3.700v8.600h11.600V3.700z';

/** Lines of a text as it is written. */
export const sourceIcon = icon(
  'source',
  '<path fill-rule="evenodd" d="M5.400 4.300 1.700 8l3.700 3.700.900-.900L3.500 8l2.800-2.800zM10.600 4.300l-.900.900L12.500 8l-2.800 2.800.900.900L14.300 8z"/>'
);

/** Two halves. */
export const besideIcon = icon(
  'beside',
  `<path fill-rule="evenodd" d="${FRAME}"/><path d="M7.400 3h1.200v10H7.400z"/><path d="M9.900 5.400h2.600v1.100H9.900zM9.900 7.700h2.600v1.100H9.900zM9.900 10h1.700v1.100H9.900z"/>`
);

/** A landscape in its frame. */
export const pictureIcon = icon(
  'picture',
  `<path fill-rule="evenodd" d="${FRAME}"/><circle cx="5" cy="6.200" r="1.300"/><path d="M2.500 11.800 5.600 8.600l1.700 1.700 3-3.600 3.200 4v1.100z"/>`
);

/** A page as it is read. */
export const previewIcon = icon(
  'preview',
  `<path fill-rule="evenodd" d="${FRAME}"/><path d="M3.700 5.200h5v1.500h-5zM3.700 8h8.600v1.100H3.700zM3.700 10.200h6.600v1.100H3.700z"/>`
);
