import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { HistoryApi } from '../server/history';
import { told, unawaited } from '../ui/failure';

/** Milliseconds for which "Undo" is offered. */
const UNDO_FOR = 15_000;

export interface RestoreOptions {
  readonly api: Pick<HistoryApi, 'restore'>;
  readonly trans: TranslationBundle;
  /** The text of a spec has become that of an old version. */
  restored(specId: string): void;
}

/** Brings the text of old versions back. */
export class Restore {
  constructor(private readonly options: RestoreOptions) {}

  /** Asks, then brings the text of a version back as a new edit; `name` says which one it is. */
  async ask(specId: string, version: number, name: string): Promise<void> {
    const { trans } = this.options;
    const result = await showDialog({
      title: trans.__('Bring back the text of %1?', name),
      body: trans.__(
        'It comes as a new edit, for everybody. What has been written since stays in the history, and can be brought back in the same way.'
      ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Restore') })
      ]
    });
    if (result.button.accept) {
      await this.restore(specId, version, name);
    }
  }

  private async restore(specId: string, version: number, name: string): Promise<void> {
    const { api, trans, restored } = this.options;
    const document = await told(
      () => api.restore(specId, version),
      trans.__('The version could not be restored.'),
      trans
    );
    if (!document) {
      return;
    }
    restored(specId);
    const undo = async () => {
      await api.restore(specId, document.version - 1);
      restored(specId);
    };
    Notification.success(trans.__('The text of %1 is back.', name), {
      autoClose: UNDO_FOR,
      actions: [
        {
          label: trans.__('Undo'),
          displayType: 'accent',
          caption: trans.__('Bring back the text from before'),
          callback: () => unawaited(undo(), trans.__('The version could not be restored.'), trans)
        }
      ]
    });
  }
}
