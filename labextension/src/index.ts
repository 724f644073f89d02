import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { rescuePlugins } from './rescue/plugin';
import { specsPlugins } from './specs/plugin';
import { widgetPlugins } from './document/plugin';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  ...specsPlugins,
  ...widgetPlugins,
  ...rescuePlugins
];

export default plugins;
