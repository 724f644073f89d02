import type { ActiveUser } from '../protocol';
import { type Clock, Listeners } from '../runtime';
import type { Collaborator, SpecAccess } from '../server/collaborators';
import { isGroup } from '../server/collaborators';
import { keyOf, type Mentionable } from './mentions';
import type { SpecThreads } from './specThreads';

/** Milliseconds after which the access list is asked for again. */
const FRESH = 60_000;
const PERSON = 'user:';

export interface KnownPeopleOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly threads: Pick<SpecThreads, 'all'>;
  /** Who is in the spec now. */
  present(): readonly ActiveUser[];
  /** Asks the server for the access list. */
  access(): Promise<SpecAccess>;
  /** Something failed that nobody waits for. */
  failed(error: unknown): void;
}

/** The people who are known to see a spec: who is named in its access list, is there now, or wrote in its threads. */
export class KnownPeople {
  /** Tells when the access list has come and names other people than before. */
  readonly changed = new Listeners<void>();
  private named: readonly Mentionable[] = [];
  private askedAt = -Infinity;

  constructor(private readonly options: KnownPeopleOptions) {}

  /** Who is known now; the access list is asked for, if that was long ago. */
  get all(): readonly Mentionable[] {
    this.ask();
    const { present, threads } = this.options;
    const found = new Map<string, Mentionable>();
    const add = (person: Mentionable) => {
      const key = keyOf(person);
      const known = found.get(key);
      found.set(key, known ? { ...known, login: known.login || person.login } : person);
    };
    present().forEach(({ userId, userName }) => add({ userId, userName, login: '' }));
    this.named.forEach(add);
    for (const { thread } of threads.all) {
      thread.messages.forEach(({ userId, userName }) => add({ userId, userName, login: '' }));
    }
    return [...found.values()];
  }

  private ask(): void {
    const { clock, access, failed } = this.options;
    const now = clock.now();
    if (now - this.askedAt < FRESH) {
      return;
    }
    this.askedAt = now;
    access().then(({ collaborators }) => this.listed(collaborators), failed);
  }

  private listed(collaborators: readonly Collaborator[]): void {
    const before = JSON.stringify(this.named);
    this.named = collaborators.filter(each => !isGroup(each)).map(personOf);
    if (JSON.stringify(this.named) !== before) {
      this.changed.tell();
    }
  }
}

function personOf({ principal, userId = '', userName }: Collaborator): Mentionable {
  const login = principal.startsWith(PERSON) ? principal.slice(PERSON.length) : '';
  return { userId, userName: userName || login, login };
}
