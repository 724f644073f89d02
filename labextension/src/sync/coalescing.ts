import { compose, type Operation, type Text } from '../text';

/** A change that was received and not shown yet. */
interface Received {
  readonly change: Operation;
  readonly userId: string | null;
}

/** Shows a change of the text `before`; `userId` is its author, `null` where it holds edits of several. */
export type Show = (change: Operation, before: Text, userId: string | null) => void;

/** Shows each change as it arrives, and the changes of one list as a single one. */
export class Coalescing {
  private gathered: Received[] | null = null;

  constructor(private readonly show: Show) {}

  /** Adds a change of the text `before`. */
  add(change: Operation, before: Text, userId: string | null): void {
    if (this.gathered) {
      this.gathered.push({ change, userId });
    } else {
      this.show(change, before, userId);
    }
  }

  /** Shows all changes that `receive` adds as one change of the text `before`. */
  asOne(before: Text | undefined, receive: () => void): void {
    const gathered: Received[] = [];
    this.gathered = gathered;
    receive();
    this.gathered = null;
    if (before && gathered.length) {
      const users = new Set(gathered.map(({ userId }) => userId));
      const change = gathered.map(received => received.change).reduce(compose);
      this.show(change, before, users.size === 1 ? gathered[0].userId : null);
    }
  }
}
