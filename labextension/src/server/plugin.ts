import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { IFileSpecs, ISpecServer } from '../tokens';
import { FileSpecs, fileSpecsStorage } from './fileSpecs';
import { HubToken } from './hubToken';
import { SpecServer } from './server';
import { serviceAddress } from './serviceAddress';

const server: JupyterFrontEndPlugin<SpecServer> = {
  id: 'jupyter-speccollab:server',
  description: 'Talks to the server that keeps shared specs.',
  autoStart: true,
  provides: ISpecServer,
  activate: ({ serviceManager: { serverSettings, user } }: JupyterFrontEnd) => {
    const address = serviceAddress();
    if (address === null) {
      return new SpecServer(serverSettings, user);
    }
    const token = new HubToken(serverSettings, address);
    return new SpecServer(token.settings, user, open => token.renewing(open));
  }
};

const FILES = 'jupyter-speccollab:files';

const files: JupyterFrontEndPlugin<FileSpecs> = {
  id: FILES,
  description: 'Remembers which spec belongs to a file or a notebook.',
  autoStart: true,
  provides: IFileSpecs,
  optional: [ISettingRegistry],
  activate: (
    { serviceManager: { contents } }: JupyterFrontEnd,
    settings: ISettingRegistry | null
  ) => {
    const known = new FileSpecs(fileSpecsStorage(settings, FILES), contents);
    contents.fileChanged.connect((_, { type, oldValue, newValue }) => {
      if (type === 'rename' && oldValue?.path && newValue?.path) {
        known.renamed(oldValue.path, newValue.path).catch((error: unknown) => console.error(error));
      }
    });
    return known;
  }
};

export const serverPlugins: JupyterFrontEndPlugin<unknown>[] = [server, files];
