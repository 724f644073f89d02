import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { SpecError } from '../server/error';
import type { SpecEntry, SpecsApi } from '../server/specs';
import type { ISpecDocuments } from '../tokens';
import { told, unawaited } from '../ui/failure';
import type { SpecList } from './list';
import { deletedSentence, deletionAdvice } from './trashText';

/** Milliseconds for which "Undo" is offered. Later the trash is the way back. */
const UNDO_FOR = 15_000;
/** Milliseconds for which a note stays that asks for nothing. */
const NOTE_FOR = 4000;

export interface DeletionServices {
  readonly specs: SpecsApi;
  readonly list: SpecList;
  readonly trash: SpecList;
  readonly documents: ISpecDocuments;
  /** The id of this page's user; `null` as long as it isn't known. */
  me(): string | null;
  readonly trans: TranslationBundle;
}

/** Deletes specs, and brings them back. Each action tells the user what came of it, also of a failure. */
export class Deletion {
  constructor(private readonly services: DeletionServices) {}

  /**
   * Puts a spec into the trash and offers "Undo".
   *
   * Asks before only if others have the spec open, or if the server keeps no trash.
   */
  async delete(specId: string): Promise<void> {
    const { specs, trans } = this.services;
    await told(
      async () => {
        const [entry, days] = await Promise.all([specs.get(specId), this.trashDays()]);
        if (!(await this.isMeant(entry, days))) {
          return;
        }
        await specs.delete(specId);
        if (days > 0) {
          this.offerUndo(entry);
        }
        await this.refresh();
      },
      trans.__('The spec could not be deleted.'),
      trans
    );
  }

  /** Takes a spec out of the trash; returns whether it is back. */
  async restore({ specId, title }: Pick<SpecEntry, 'specId' | 'title'>): Promise<boolean> {
    const { specs, documents, trans } = this.services;
    const back = await told(
      () => specs.undelete(specId),
      trans.__('“%1” could not be restored.', title),
      trans
    );
    if (back) {
      documents.retry(specId);
      Notification.success(trans.__('“%1” is back, with its history.', title), {
        autoClose: NOTE_FOR,
        actions: [
          { label: trans.__('Open'), callback: () => void documents.open(specId, { title }) }
        ]
      });
    }
    await this.refresh();
    return back !== null;
  }

  /** Deletes a spec in the trash for good after the user has confirmed it; returns whether it is gone. */
  async end({ specId, title }: Pick<SpecEntry, 'specId' | 'title'>): Promise<boolean> {
    const { specs, trans } = this.services;
    const result = await showDialog({
      title: trans.__('Delete “%1” forever?', title),
      body: trans.__('Its text and its whole history go, for everybody. This can’t be undone.'),
      defaultButton: 0,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: trans.__('Delete forever') })
      ]
    });
    if (!result.button.accept) {
      return false;
    }
    const ended = await told(
      async () => {
        await specs.delete(specId, { permanently: true }).catch(goneAlready);
        return true;
      },
      trans.__('“%1” could not be deleted.', title),
      trans
    );
    await this.refresh();
    return ended !== null;
  }

  private async isMeant(entry: SpecEntry, days: number): Promise<boolean> {
    const { me, trans } = this.services;
    const others = entry.activeUsers.filter(({ userId }) => userId !== me());
    if (days > 0 && others.length === 0) {
      return true;
    }
    const result = await showDialog({
      title: trans.__('Delete “%1”?', entry.title),
      body: deletionAdvice(
        others.map(({ userName }) => userName),
        days,
        trans
      ),
      defaultButton: 0,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: trans.__('Delete') })
      ]
    });
    return result.button.accept;
  }

  private offerUndo(entry: SpecEntry): void {
    const { trans } = this.services;
    Notification.info(deletedSentence(entry.title, trans), {
      autoClose: UNDO_FOR,
      actions: [
        {
          label: trans.__('Undo'),
          displayType: 'accent',
          caption: trans.__('Take “%1” out of the trash', entry.title),
          callback: () =>
            unawaited(this.restore(entry), trans.__('It could not be restored.'), trans)
        }
      ]
    });
  }

  private async trashDays(): Promise<number> {
    const { list, specs } = this.services;
    return list.state.trashDays ?? (await specs.list({ limit: 1 })).trashDays ?? 0;
  }

  private async refresh(): Promise<void> {
    const { list, trash } = this.services;
    await Promise.all([list.refresh(), trash.refresh()]);
  }
}

/** Somebody else, or time, was faster. */
function goneAlready(error: unknown): void {
  if (!(error instanceof SpecError && error.code === 'SPEC_NOT_FOUND')) {
    throw error;
  }
}
