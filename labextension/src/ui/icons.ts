import { LabIcon } from '@jupyterlab/ui-components';

/** A page of text with a person in front of it. */
export const specIcon = new LabIcon({
  name: 'speccollab:spec',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M5 2h9l5 5v4.3a4.5 4.5 0 0 0-2-.3V8h-4V4H7v16h5.6a5 5 0 0 0-.6 2H5a0 0 0 0 1 0 0z"/>
    <path d="M8.500 10h5.500v1.600H8.500zM8.500 13.200h4v1.600h-4z"/>
    <circle cx="17.500" cy="15.200" r="2.400"/>
    <path d="M13 22.500c0-2.600 2-4 4.500-4s4.500 1.400 4.500 4z"/>
  </g>
</svg>`
});
