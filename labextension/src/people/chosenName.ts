import { InputDialog } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection, type User } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import { IDENTITY_FIELDS, identityOf } from './anonymous';

/**
 * The name under which Jupyter knows the user.
 *
 * It is changed by Jupyter's own interface, which keeps it with the login: who somebody is does not change, and the
 * name is the same in all of Jupyter. Where the server does not allow that, no name is offered.
 */
export class ChosenName {
  private readonly settings = ServerConnection.makeSettings();

  constructor(
    private readonly user: User.IManager,
    private readonly trans: TranslationBundle
  ) {}

  /** Whether the server lets users change their names. */
  async isPossible(): Promise<boolean> {
    try {
      const response = await this.request({ method: 'GET' });
      const { permissions } = (await response.json()) as {
        permissions?: { updatable_fields?: unknown };
      };
      const fields = permissions?.updatable_fields;
      return (
        response.ok &&
        Array.isArray(fields) &&
        IDENTITY_FIELDS.every(field => fields.includes(field))
      );
    } catch {
      return false;
    }
  }

  /** Asks for a name; returns whether it was changed. Rejects if the server refuses. */
  async choose(): Promise<boolean> {
    const { trans } = this;
    const answer = await InputDialog.getText({
      title: trans.__('What shall others read?'),
      label: trans.__('Your name, in all of Jupyter on this server'),
      okLabel: trans.__('Use this name'),
      placeholder: trans.__('Ada Lovelace')
    });
    const name = answer.button.accept ? (answer.value ?? '').trim() : '';
    if (!name) {
      return false;
    }
    const body = JSON.stringify(identityOf(name));
    const response = await this.request({ method: 'PATCH', body });
    if (!response.ok) {
      throw await ServerConnection.ResponseError.create(response);
    }
    await this.user.refreshUser();
    return true;
  }

  private request(init: RequestInit): Promise<Response> {
    const address = URLExt.join(this.settings.baseUrl, 'api/me');
    return ServerConnection.makeRequest(address, init, this.settings);
  }
}
