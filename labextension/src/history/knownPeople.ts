import { safeColour } from '../editor/colours';
import type { ActiveUser } from '../protocol';

/** Somebody who wrote in a spec, as the server tells of them. */
export interface Told {
  readonly userId: string;
  readonly userName: string;
  readonly color?: string | null;
}

/** Names and colours of the people who wrote in a spec, present or not. */
export class KnownPeople {
  private readonly told = new Map<string, Told>();

  /** `present` has who is there now: their colours are those that everybody sees. */
  constructor(private readonly present: () => readonly ActiveUser[]) {}

  /** A number that is another one whenever more is known. */
  revision = 0;

  add(people: readonly Told[]): void {
    for (const person of people) {
      const known = this.told.get(person.userId);
      const color = person.color ?? known?.color;
      if (known?.userName !== person.userName || known.color !== color) {
        this.told.set(person.userId, { ...person, color });
        this.revision++;
      }
    }
  }

  /** Empty where nothing is known. */
  nameOf(userId: string): string {
    return this.find(userId)?.userName ?? '';
  }

  colourOf(userId: string): string {
    const present = this.present().find(user => user.userId === userId);
    return safeColour(present?.color ?? this.told.get(userId)?.color, userId);
  }

  private find(userId: string): Told | ActiveUser | undefined {
    return this.told.get(userId) ?? this.present().find(user => user.userId === userId);
  }
}
