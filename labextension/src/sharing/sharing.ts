import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type { Role } from '../protocol';
import { SpecError } from '../server/error';
import { type Collaborator, nameOf, type SpecAccess } from '../server/collaborators';
import { isLoss } from './rights';

/** What the server is asked. */
export interface AccessApi {
  access(specId: string): Promise<SpecAccess>;
  give(specId: string, principal: string, role: Role): Promise<Collaborator>;
  withdraw(specId: string, principal: string): Promise<void>;
}

/** What is not done before the user has said yes. */
export type Question =
  | { readonly kind: 'remove' | 'leave'; readonly entry: Collaborator }
  | { readonly kind: 'handOver'; readonly entry: Collaborator; readonly to: Collaborator }
  | { readonly kind: 'change'; readonly entry: Collaborator; readonly role: Role };

/** What was done last. */
export type Deed =
  | { readonly kind: 'given'; readonly name: string; readonly role: Role }
  | { readonly kind: 'removed' | 'handedOver'; readonly name: string }
  | { readonly kind: 'left' };

/** Where in the list something goes on: at a principal's entry, or at one of the two below. */
export type Place = string;
export const WHOLE_LIST: Place = 'list';
export const NEWCOMER: Place = 'newcomer';

/** All that the dialog shows: a value, replaced by each change. */
export interface SharingState {
  /** `null` until the server has answered. */
  readonly access: SpecAccess | null;
  /** Roles that the user has chosen and that the server has not acknowledged, by principal. */
  readonly chosen: Readonly<Record<string, Role>>;
  readonly question: Question | null;
  readonly busy: Place | null;
  readonly trouble: { readonly place: Place; readonly error: SpecError } | null;
  readonly done: Deed | null;
}

/** Milliseconds between a choice and its sending, since arrow keys pass over roles that are not meant. */
const CHOICE_PAUSE = 400;

const INITIAL: SharingState = {
  access: null,
  chosen: {},
  question: null,
  busy: null,
  trouble: null,
  done: null
};

/** With whom one spec is shared, and the user's changes of that: one after the other, each told in the state. */
export class Sharing implements IDisposable {
  private current = INITIAL;
  private asked = 0;
  private readonly unsent = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private work: Promise<unknown> = Promise.resolve();
  private readonly stateChanged = new Signal<this, SharingState>(this);
  isDisposed = false;

  constructor(
    private readonly api: AccessApi,
    private readonly specId: string
  ) {}

  get state(): SharingState {
    return this.current;
  }

  get changed(): ISignal<this, SharingState> {
    return this.stateChanged;
  }

  /** What was chosen is sent still. */
  dispose(): void {
    if (!this.isDisposed) {
      this.sendChosen();
      this.isDisposed = true;
      Signal.clearData(this);
    }
  }

  /** Resolves when all changes have been answered. */
  get settled(): Promise<unknown> {
    return this.work;
  }

  /** Looks at the server. An answer that is overtaken by a later question is dropped. */
  async refresh(): Promise<void> {
    const question = ++this.asked;
    try {
      const access = await this.api.access(this.specId);
      if (question === this.asked) {
        const isMended = this.current.trouble?.place === WHOLE_LIST;
        this.set({ access, ...(isMended && { trouble: null }) });
      }
    } catch (error) {
      if (question === this.asked && !this.saysMore(error)) {
        this.failed(WHOLE_LIST, error);
      }
    }
  }

  /** Shares the spec with somebody new; resolves to whether that went well. */
  add(principal: string, role: Role): Promise<boolean> {
    return this.change(NEWCOMER, () => this.give(principal, role));
  }

  /** The user chose a role for an entry; asks first where they could not take that back. */
  choose(entry: Collaborator, role: Role): void {
    const { principal } = entry;
    this.unsent.delete(principal);
    this.forget(principal);
    const { access, chosen } = this.current;
    if (role === entry.role) {
      this.ask(null);
    } else if (access && (role === 'owner' || isLoss(entry, role, access))) {
      this.ask({ kind: 'change', entry, role });
    } else {
      this.unsent.add(principal);
      this.set({ chosen: { ...chosen, [principal]: role }, question: null });
      this.stopWaiting();
      this.timer = setTimeout(() => this.sendChosen(), CHOICE_PAUSE);
    }
  }

  ask(question: Question | null): void {
    this.set({ question, trouble: null });
  }

  /** The user said yes to the question. */
  confirm(): Promise<boolean> {
    const { question } = this.current;
    this.set({ question: null });
    if (!question) {
      return Promise.resolve(false);
    }
    const { entry } = question;
    switch (question.kind) {
      case 'change':
        return this.change(entry.principal, () => this.give(entry.principal, question.role));
      case 'remove':
        return this.change(entry.principal, () => this.remove(entry));
      case 'leave':
        return this.change(entry.principal, () => this.leave(entry));
      case 'handOver':
        return this.change(entry.principal, () => this.handOver(entry, question.to));
    }
  }

  private sendChosen(): void {
    this.stopWaiting();
    for (const principal of this.unsent) {
      const role = this.current.chosen[principal];
      if (role) {
        void this.change(principal, () => this.give(principal, role));
      }
    }
    this.unsent.clear();
  }

  private async give(principal: string, role: Role): Promise<Deed> {
    const entry = await this.api.give(this.specId, principal, role);
    return { kind: 'given', name: nameOf(entry), role: entry.role };
  }

  private async remove(entry: Collaborator): Promise<Deed> {
    await this.api.withdraw(this.specId, entry.principal);
    return { kind: 'removed', name: nameOf(entry) };
  }

  private async leave(entry: Collaborator): Promise<Deed> {
    await this.api.withdraw(this.specId, entry.principal);
    return { kind: 'left' };
  }

  /** The new owner comes before the old one goes: the spec is never without. */
  private async handOver(own: Collaborator, to: Collaborator): Promise<Deed> {
    await this.api.give(this.specId, to.principal, 'owner');
    await this.api.give(this.specId, own.principal, 'admin');
    return { kind: 'handedOver', name: nameOf(to) };
  }

  /** Runs one change after those before it, and looks at the list afterwards. */
  private change(place: Place, run: () => Promise<Deed>): Promise<boolean> {
    const result = this.work.then(async () => {
      this.set({ busy: place, trouble: null, done: null });
      try {
        this.set({ done: await run() });
      } catch (error) {
        this.failed(place, error);
      }
      const { done } = this.current;
      if (done?.kind !== 'left') {
        await this.refresh();
      }
      if (!this.unsent.has(place)) {
        this.forget(place);
      }
      this.set({ busy: null });
      return done !== null;
    });
    this.work = result.catch(() => undefined);
    return result;
  }

  /** Whether what is told already is worth more than that the list could not be had this time. */
  private saysMore(error: unknown): boolean {
    const { trouble } = this.current;
    const isOver = error instanceof SpecError && error.code === 'SPEC_NOT_FOUND';
    return trouble !== null && trouble.place !== WHOLE_LIST && !isOver;
  }

  private failed(place: Place, error: unknown): void {
    if (!(error instanceof SpecError)) {
      throw error;
    }
    this.set({ trouble: { place, error } });
  }

  private forget(principal: string): void {
    const others = Object.entries(this.current.chosen).filter(([each]) => each !== principal);
    this.set({ chosen: Object.fromEntries(others) });
  }

  private stopWaiting(): void {
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }

  private set(changes: Partial<SharingState>): void {
    this.current = { ...this.current, ...changes };
    this.stateChanged.emit(this.current);
  }
}
