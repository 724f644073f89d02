import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { specsPlugins } from './specs/plugin';
import { widgetPlugins } from './widget/plugin';

const plugins: JupyterFrontEndPlugin<unknown>[] = [...specsPlugins, ...widgetPlugins];

export default plugins;
