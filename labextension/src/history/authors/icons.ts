import { LabIcon } from '@jupyterlab/ui-components';

/** A letter between two people's marks. */
export const authorsIcon = new LabIcon({
  name: 'speccollab:authors',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">
  <g class="jp-icon3" fill="#616161">
    <path d="M4.900 2h1.700l3.200 8H8.200l-.700-1.900H4L3.300 10H1.700zm.850 1.900L4.500 6.800h2.500z"/>
    <path d="M1.500 12h6v1.600h-6zM9 12h1.800v1.600H9zM12.200 12H14v1.600h-1.800z"/>
    <circle cx="12.400" cy="4.200" r="1.500"/><path d="M9.900 9.200c0-1.800 1.100-2.800 2.500-2.800s2.500 1 2.500 2.800z"/>
  </g>
</svg>`
});
