import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { beforehandPlugins } from './beforehand';
import { documentPlugins } from './document/plugin';
import { frontMatterPlugins } from './frontMatter/plugin';
import { authorsPlugins } from './history/authors/plugin';
import { historyPlugins } from './history/plugin';
import { sliderPlugins } from './history/slider/plugin';
import { unreadPlugins } from './history/unread/plugin';
import { notebookPlugins } from './notebook/plugin';
import { rescuePlugins } from './rescue/plugin';
import { serverPlugins } from './server/plugin';
import { specsPlugins } from './specs/plugin';
import { statusPlugins } from './status/plugin';
import { threadsPlugins } from './threads/plugin';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  ...serverPlugins,
  ...specsPlugins,
  ...documentPlugins,
  ...frontMatterPlugins,
  ...historyPlugins,
  ...sliderPlugins,
  ...authorsPlugins,
  ...unreadPlugins,
  ...threadsPlugins,
  ...statusPlugins,
  ...notebookPlugins,
  ...rescuePlugins,
  ...beforehandPlugins
];

export default plugins;
