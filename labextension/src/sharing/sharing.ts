import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import type { Role } from '../protocol';
import {
  type Collaborator,
  type CollaboratorsApi,
  type Hint,
  nameOf,
  type SpecAccess
} from '../server/collaborators';
import { asSpecError, SpecError } from '../server/error';
import { isLoss } from './rights';

/** The part of the REST interface that sharing uses. */
export type AccessApi = Pick<CollaboratorsApi, 'list' | 'setRole' | 'remove'>;

/** A change that the user has to confirm. */
export type Question =
  | { readonly kind: 'remove' | 'leave'; readonly entry: Collaborator }
  | { readonly kind: 'handOver'; readonly entry: Collaborator; readonly to: Collaborator }
  | { readonly kind: 'change'; readonly entry: Collaborator; readonly role: Role };

/** A change that the server has made. */
export type Change =
  | {
      readonly kind: 'given';
      readonly principal: string;
      readonly name: string;
      readonly role: Role;
      readonly hint?: Hint;
    }
  | { readonly kind: 'removed' | 'handedOver'; readonly name: string }
  | { readonly kind: 'left' };

/** Somebody who is meant, it seems, where the form named one that nobody has. */
export interface Suggestion {
  readonly principal: string;
  /** The role that was chosen for the other name. */
  readonly role: Role;
  /** The entry that the form has just made for the other name; `null` if there is none, or was one before. */
  readonly made: string | null;
}

/** The part of the dialog that a change or an error belongs to: the entry of a principal, or one of these two. */
export type Place = string;
export const WHOLE_LIST: Place = 'list';
export const ADD_FORM: Place = 'form';

/** What the dialog shows; each change replaces the whole value. */
export interface SharingState {
  /** `null` until the server has answered. */
  readonly access: SpecAccess | null;
  /** Roles that the user has chosen and the server has not acknowledged yet, by principal. */
  readonly chosen: Readonly<Record<string, Role>>;
  readonly question: Question | null;
  readonly busy: Place | null;
  readonly failure: { readonly place: Place; readonly error: SpecError } | null;
  readonly done: Change | null;
  readonly suggestion: Suggestion | null;
}

/** Milliseconds before a chosen role is sent, since arrow keys select other roles on their way. */
const CHOICE_PAUSE = 400;

const INITIAL: SharingState = {
  access: null,
  chosen: {},
  question: null,
  busy: null,
  failure: null,
  done: null,
  suggestion: null
};

/** The access list of one spec, and the user's changes to it. Changes are sent one after the other. */
export class Sharing implements IDisposable {
  private current = INITIAL;
  /** The number of requests for the list so far. */
  private requests = 0;
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

  /** Sends roles that were chosen and not sent yet. */
  dispose(): void {
    if (!this.isDisposed) {
      this.sendChosen();
      this.isDisposed = true;
      Signal.clearData(this);
    }
  }

  /** Resolves when the server has answered all changes. */
  get settled(): Promise<unknown> {
    return this.work;
  }

  /** Loads the list. Drops the response if a later request has been sent meanwhile. */
  async refresh(): Promise<void> {
    const request = ++this.requests;
    try {
      const access = await this.api.list(this.specId);
      if (request === this.requests) {
        const isSolved = this.current.failure?.place === WHOLE_LIST;
        this.set({ access, ...(isSolved && { failure: null }) });
      }
    } catch (error) {
      if (request === this.requests && !this.isLessImportant(error)) {
        this.failed(WHOLE_LIST, error);
      }
    }
  }

  /** Shares the spec with somebody new; resolves to whether the server accepted it. */
  async add(principal: string, role: Role): Promise<boolean> {
    const isNew = !this.entryOf(principal);
    const isDone = await this.change(ADD_FORM, () => this.setRole(principal, role));
    this.suggest(role, isNew);
    return isDone;
  }

  /** Shares the spec with the one who is meant, in place of the entry that was made for the other name. */
  takeSuggestion(): Promise<boolean> {
    const { suggestion, busy } = this.current;
    if (!suggestion || busy) {
      return Promise.resolve(false);
    }
    this.dropSuggestion(); // a second click must not take it again
    const { principal, role, made } = suggestion;
    return this.change(ADD_FORM, async () => {
      // Somebody who has changed the entry meanwhile wants it.
      if (made && this.entryOf(made)?.role === role) {
        await this.api.remove(this.specId, made);
      }
      return this.setRole(principal, role);
    });
  }

  dropSuggestion(): void {
    if (this.current.suggestion) {
      this.set({ suggestion: null });
    }
  }

  /** Sets the role of an entry. Asks for confirmation if the user could not undo the change. */
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
    this.set({ question, failure: null });
  }

  /** Makes the change that the user was asked to confirm; resolves to whether the server accepted it. */
  confirm(): Promise<boolean> {
    const { question } = this.current;
    this.set({ question: null });
    if (!question) {
      return Promise.resolve(false);
    }
    const { entry } = question;
    switch (question.kind) {
      case 'change':
        return this.change(entry.principal, () => this.setRole(entry.principal, question.role));
      case 'remove':
        return this.change(entry.principal, () => this.remove(entry));
      case 'leave':
        return this.change(entry.principal, () => this.leave(entry));
      case 'handOver':
        return this.change(entry.principal, () => this.handOver(entry, question.to));
    }
  }

  /** Suggests whom the server holds for meant, after it refused or took a name that nobody has. */
  private suggest(role: Role, isNew: boolean): void {
    const { failure, access } = this.current;
    const given = this.current.done?.kind === 'given' ? this.current.done : null;
    const refused = failure?.place === ADD_FORM ? failure.error.details['near'] : undefined;
    const near: unknown = given ? given.hint?.near : refused;
    const principal: unknown = Array.isArray(near) ? near[0] : undefined;
    const isListed = access?.collaborators.some(each => each.principal === principal);
    if (typeof principal === 'string' && !isListed) {
      const made = given && isNew ? given.principal : null;
      this.set({ suggestion: { principal, role, made } });
    }
  }

  private entryOf(principal: string): Collaborator | undefined {
    return this.current.access?.collaborators.find(each => each.principal === principal);
  }

  private sendChosen(): void {
    this.stopWaiting();
    for (const principal of this.unsent) {
      const role = this.current.chosen[principal];
      if (role) {
        this.change(principal, () => this.setRole(principal, role)).catch((error: unknown) =>
          this.failed(principal, error)
        );
      }
    }
    this.unsent.clear();
  }

  private async setRole(principal: string, role: Role): Promise<Change> {
    const entry = await this.api.setRole(this.specId, principal, role);
    const { hint } = entry;
    return {
      kind: 'given',
      principal: entry.principal,
      name: nameOf(entry),
      role: entry.role,
      hint
    };
  }

  private async remove(entry: Collaborator): Promise<Change> {
    await this.api.remove(this.specId, entry.principal);
    return { kind: 'removed', name: nameOf(entry) };
  }

  private async leave(entry: Collaborator): Promise<Change> {
    await this.api.remove(this.specId, entry.principal);
    return { kind: 'left' };
  }

  /** Makes the new owner first, so that the spec always has one. */
  private async handOver(own: Collaborator, to: Collaborator): Promise<Change> {
    await this.api.setRole(this.specId, to.principal, 'owner');
    await this.api.setRole(this.specId, own.principal, 'admin');
    return { kind: 'handedOver', name: nameOf(to) };
  }

  /** Makes a change after the earlier ones, and then loads the list again. */
  private change(place: Place, run: () => Promise<Change>): Promise<boolean> {
    const result = this.work.then(async () => {
      this.set({ busy: place, failure: null, done: null, suggestion: null });
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

  /** Whether an error in loading the list must not replace the error that is shown now. */
  private isLessImportant(error: unknown): boolean {
    const { failure } = this.current;
    const isGone = error instanceof SpecError && error.code === 'SPEC_NOT_FOUND';
    return failure !== null && failure.place !== WHOLE_LIST && !isGone;
  }

  private failed(place: Place, error: unknown): void {
    this.set({ failure: { place, error: asSpecError(error) } });
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
