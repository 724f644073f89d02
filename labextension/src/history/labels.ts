import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { HistoryApi } from '../server/history';
import { told, unawaited } from '../ui/failure';

/** Milliseconds for which "Undo" is offered, after which a label is gone. */
export const UNDO_FOR = 10_000;
/** Milliseconds for which a note stays that asks for nothing. */
const NOTE_FOR = 5000;

export interface LabelsOptions {
  readonly api: Pick<HistoryApi, 'label' | 'removeLabel'>;
  readonly trans: TranslationBundle;
  /** The labels of a spec have changed. */
  changed(specId: string): void;
  /** Shows a version of a spec without its label, or with it again. */
  hide(specId: string, version: number, isHidden: boolean): void;
}

/** Gives versions labels, and takes labels away. */
export class Labels {
  constructor(private readonly options: LabelsOptions) {}

  /** Asks for a label, and gives it to the text as it is now. */
  async add(specId: string): Promise<void> {
    const { api, trans, changed } = this.options;
    const result = await InputDialog.getText({
      title: trans.__('Label this version'),
      label: trans.__('A name by which everybody finds the text as it is now'),
      placeholder: trans.__('For example: Sent for review'),
      okLabel: trans.__('Label'),
      cancelLabel: trans.__('Cancel')
    });
    const label = result.button.accept ? (result.value ?? '').trim() : '';
    if (!label) {
      return;
    }
    const revision = await told(
      () => api.label(specId, label),
      trans.__('The label could not be given.'),
      trans
    );
    if (revision) {
      changed(specId);
      Notification.success(trans.__('This version is labelled “%1” now.', label), {
        autoClose: NOTE_FOR
      });
    }
  }

  /**
   * Takes a label away. A label is given to the present text alone, so an older one could not be given back: it is shown
   * as gone, and goes when the time for "Undo" is over.
   */
  remove(specId: string, version: number, label: string): void {
    const { api, trans, changed, hide } = this.options;
    hide(specId, version, true);
    const timer = window.setTimeout(() => {
      Notification.dismiss(note);
      const removed = api.removeLabel(specId, version).then(
        () => changed(specId),
        (error: unknown) => {
          hide(specId, version, false);
          throw error;
        }
      );
      unawaited(removed, trans.__('The label could not be taken away.'), trans);
    }, UNDO_FOR);
    const note = Notification.info(
      trans.__('The label “%1” is taken away. The version stays.', label),
      {
        autoClose: UNDO_FOR,
        actions: [
          {
            label: trans.__('Undo'),
            displayType: 'accent',
            caption: trans.__('Keep the label “%1”', label),
            callback: () => {
              window.clearTimeout(timer);
              hide(specId, version, false);
            }
          }
        ]
      }
    );
  }
}
