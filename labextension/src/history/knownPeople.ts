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

  add(people: readonly Told[]): void {
    for (const person of people) {
      const color = person.color ?? this.told.get(person.userId)?.color;
      this.told.set(person.userId, { ...person, color });
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
