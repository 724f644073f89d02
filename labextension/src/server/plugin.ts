import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';

import { ISpecServer } from '../tokens';
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

export const serverPlugins = [server];
