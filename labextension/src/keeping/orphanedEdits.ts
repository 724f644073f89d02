import type { Environment } from '../runtime';
import { type Inheritance, TakeOver } from './takeOver';
import { hasEdits, type Kept } from './kept';
import type { Keeping } from './editStorage';

/** Milliseconds in which reopened pages may take over their own edits first. */
const FIRST_AFTER = 20_000;
/** Milliseconds between two checks. */
const EVERY = 60_000;

export interface OrphanedEditsOptions {
  readonly keeping: Keeping;
  readonly environment: Environment;
  readonly server: string;
  /** The server's id of this page's user; `null` while it is unknown. */
  userId(): string | null;
  /** Sends edits of a spec, and calls `gone` when that is done. */
  send(specId: string, inheritance: Inheritance, gone: () => void): void;
}

/** Sends edits whose page is gone, in specs that no page has open, one spec after the other. */
export class OrphanedEdits {
  private isBusy = false;

  constructor(private readonly options: OrphanedEditsOptions) {
    this.lookAfter(FIRST_AFTER);
  }

  private lookAfter(delay: number): void {
    this.options.environment.after(delay, () => {
      this.look();
      this.lookAfter(EVERY);
    });
  }

  private look(): void {
    const { keeping, server } = this.options;
    if (!this.isBusy) {
      this.isBusy = true;
      keeping.editStorage.list(server, all => this.next(all.filter(kept => this.isSendable(kept))));
    }
  }

  private next([first, ...rest]: readonly Kept[]): void {
    if (!first) {
      this.isBusy = false;
      return;
    }
    const { keeping, environment, send } = this.options;
    const { owner, identity, specId } = first;
    const takeOver = new TakeOver(keeping, environment, first);
    const goOn = () => this.next(rest);
    takeOver.take(
      owner,
      identity,
      null,
      inheritance => {
        if (inheritance.left) {
          send(specId, inheritance, goOn);
        } else {
          this.clear(first);
          inheritance.release();
          goOn();
        }
      },
      goOn
    );
  }

  private clear(kept: Kept): void {
    if (!hasEdits(kept)) {
      this.options.keeping.editStorage.remove(kept.owner);
    }
  }

  /** Edits of another user are sent once that user is back. */
  private isSendable({ ending, me }: Kept): boolean {
    const isBack = ending?.code === 'OTHER_USER' && me.userId === this.options.userId();
    return ending === null || isBack;
  }
}
