import {
  type ActiveUser,
  type ClientEvent,
  type CommittedOperation,
  type JoinRequest,
  type Limits,
  type Role,
  type SentOperation,
  type ServerEvent,
  dataSize,
  mayEdit
} from '../../src/protocol';
import {
  diff,
  fromWire,
  InvalidOperation,
  normalise,
  type Operation,
  Text,
  toWire,
  transform,
  transformPosition
} from '../../src/text';
import { CursorRelay, type SentCursor } from './cursorRelay';
import { Limiter } from './limiter';
import type { World } from './world';

export const LIMITS: Limits = {
  operationsPerMinute: 100_000,
  operationLength: 10_000,
  frameBytes: 65_536,
  documentLength: 2_000_000,
  sessionsPerUser: 5,
  usersPerSpec: 50,
  cursorUpdatesPerSecond: 20,
  maxStaleVersions: 1000
};

export interface User {
  readonly userId: string;
  readonly userName: string;
  readonly color?: string;
}

type Send = (events: readonly ServerEvent[]) => void;

/** The reference server: the protocol in memory, in its simplest form. */
export class Server {
  epoch = 'epoch-1';
  text: Text;
  /** The text before the log. */
  start: Text;
  log: CommittedOperation[] = [];
  limits: Limits;
  role: Role = 'contributor';
  /** The maximum number of operations that a join or a sync sends. */
  longestList = 1000;
  /** While set, every operation is refused with this. */
  refuseWith: { code: string; retryAfterMs?: number } | null = null;
  /** While set, operations are neither committed nor answered. */
  ignoresOperations = false;
  /** While set, nobody can join. */
  refuseJoinsWith: { code: string; message: string } | null = null;
  /** The probability that an operation is committed and answered with `STORE_UNAVAILABLE`. */
  doubt = 0;
  /** All operations that clients sent, as JSON, by id. */
  readonly sent = new Map<string, string[]>();
  readonly refusals: string[] = [];
  private base: number;
  private readonly byId = new Map<string, { version: number; operations: string }>();
  private readonly limiters = new Map<string, Limiter>();
  sessions: Session[] = [];
  /** What hangs on the text: how often it changed, and how it follows an operation on the text `before`. */
  threads: { readonly version: number; follow(operation: Operation, before: Text): void } | null =
    null;

  constructor(
    readonly world: World,
    content = '',
    limits: Partial<Limits> = {}
  ) {
    this.text = this.start = Text.of(content);
    this.base = content ? 1 : 0;
    this.limits = { ...LIMITS, ...limits };
  }

  get version(): number {
    return this.base + this.log.length;
  }

  open(user: User, send: Send, close: (code: number) => void): Session {
    return new Session(this, user, send, close);
  }

  /** The operations after `version`; `null` if they can't be listed. */
  since(version: number): CommittedOperation[] | null {
    const list =
      version < this.base || version > this.version ? null : this.log.slice(version - this.base);
    return list && list.length <= this.longestList ? list : null;
  }

  /** Replaces the document with a backup. */
  restore(content: string, version: number): void {
    this.epoch = this.world.uuid();
    this.text = this.start = Text.of(content);
    this.log = [];
    this.base = version;
    this.byId.clear();
  }

  /** Changes the text without a session, as a PUT does. */
  put(content: string): void {
    const operation = diff(this.text.toString(), content);
    this.commit(this.world.uuid(), { userId: 'put', userName: 'Put' }, null, operation);
  }

  /** The commit under this operation id, if there was one. */
  known(operationId: string): { version: number; operations: string } | undefined {
    return this.byId.get(operationId);
  }

  commit(operationId: string, user: User, by: Session | null, operation: Operation): number {
    const before = this.text;
    this.text = before.apply(operation);
    this.threads?.follow(operation, before);
    const entry: CommittedOperation = {
      operationId,
      userId: user.userId,
      userName: user.userName,
      sessionId: by?.sessionId ?? null,
      version: this.version + 1,
      operations: toWire(operation),
      timestamp: '2026-01-01T00:00:00Z'
    };
    this.log.push(entry);
    this.sessions.forEach(session => session.committed(entry, operation, by));
    return entry.version;
  }

  remember(data: SentOperation, version: number): void {
    this.byId.set(data.operationId, { version, operations: JSON.stringify(data.operations) });
  }

  limiterOf({ userId }: User): Limiter {
    const limiter = this.limiters.get(userId) ?? new Limiter(this.limits.operationsPerMinute);
    this.limiters.set(userId, limiter);
    return limiter;
  }

  activeUsers(): ActiveUser[] {
    const users = new Map<string, ActiveUser>();
    for (const { user, place } of this.sessions) {
      const cursor = place === null ? null : this.text.lineColumnOf(place);
      users.set(user.userId, { ...user, cursor, avatarUrl: null, joinedAt: '' });
    }
    return [...users.values()];
  }
}

/** One client's session at the server. */
export class Session {
  sessionId: string;
  place: number | null = null;
  takesDrafts = false;
  takesThreads = false;
  private isJoined = false;
  private readonly relay: CursorRelay;

  constructor(
    private readonly server: Server,
    readonly user: User,
    private readonly deliver: Send,
    private readonly closeSocket: (code: number) => void
  ) {
    this.sessionId = server.world.uuid();
    this.relay = new CursorRelay(server.world, sent => this.showCursor(sent));
    this.send({
      event: 'connect',
      data: { ...user, specId: 'spec', timestamp: '', protocol: 1 }
    });
  }

  send(...events: readonly ServerEvent[]): void {
    this.deliver(events);
  }

  close(code: number): void {
    this.left();
    this.closeSocket(code);
  }

  left(): void {
    const { sessions } = this.server;
    this.server.sessions = sessions.filter(session => session !== this);
    if (sessions.includes(this)) {
      this.relay.end();
    }
  }

  handle(event: ClientEvent): void {
    switch (event.event) {
      case 'join_session':
        return this.join(event.data);
      case 'operation':
        return this.operation(event.data);
      case 'request_sync':
        return this.sync(event.data.lastKnownVersion, event.data.content === true);
      case 'cursor_update':
        return this.relay.offer({ version: this.server.version, ...event.data });
      case 'leave_session':
        return this.left();
      case 'ping':
        return this.send({ event: 'pong', data: {} });
      case 'authenticate':
        return this.send({ event: 'authenticated', data: { expiresAt: '' } });
    }
  }

  committed(entry: CommittedOperation, operation: Operation, by: Session | null): void {
    this.place = this.place === null ? null : transformPosition(this.place, operation);
    if (by !== this) {
      this.send({ event: 'remote_operation', data: entry });
    }
  }

  private join(data: JoinRequest): void {
    const { server } = this;
    if (server.refuseJoinsWith) {
      return this.send({ event: 'error', data: server.refuseJoinsWith });
    }
    const older = server.sessions.find(
      session => session !== this && session.sessionId === data.sessionId
    );
    if (older && older.user.userId === this.user.userId) {
      this.sessionId = older.sessionId;
      this.place = older.place;
      older.close(4409);
    }
    this.isJoined = true;
    this.takesDrafts = data.features?.includes('drafts') ?? false;
    this.takesThreads = data.features?.includes('threads') ?? false;
    server.sessions = [...server.sessions.filter(session => session !== this), this];
    const missed =
      data.epoch === server.epoch && data.lastKnownVersion !== undefined
        ? server.since(data.lastKnownVersion)
        : null;
    const { sessionId } = this;
    const { epoch, version, role, limits } = server;
    const text = missed ? { operations: missed } : { content: server.text.toString() };
    const activeUsers = server.activeUsers();
    this.send({
      event: 'session_joined',
      data: {
        ...{ specId: 'spec', sessionId, epoch, version, role, limits, activeUsers, ...text },
        ...(this.takesThreads && server.threads && { threadsVersion: server.threads.version })
      }
    });
    for (const other of server.sessions.filter(session => session !== this)) {
      other.send({ event: 'user_joined', data: { ...this.user, activeUsers, version } });
    }
  }

  private operation(data: SentOperation): void {
    const { server } = this;
    const sent = server.sent.get(data.operationId) ?? [];
    server.sent.set(data.operationId, [...sent, JSON.stringify(data)]);
    if (server.ignoresOperations) {
      return;
    }
    if (!this.isJoined) {
      return this.refuse(data, 'NOT_JOINED');
    }
    const known = server.known(data.operationId);
    if (known && known.operations === JSON.stringify(data.operations)) {
      return this.acknowledge(data.operationId, known.version);
    }
    if (known) {
      return this.refuse(data, 'OPERATION_ID_REUSED');
    }
    if (server.refuseWith) {
      return this.refuse(data, server.refuseWith.code, server.refuseWith.retryAfterMs);
    }
    if (!mayEdit(server.role)) {
      return this.refuse(data, 'FORBIDDEN');
    }
    if (dataSize(data) > server.limits.operationLength) {
      return this.refuse(data, 'OPERATION_TOO_LARGE');
    }
    const missed = server.since(data.version);
    if (!missed || server.version - data.version > server.limits.maxStaleVersions) {
      return this.conflict(data);
    }
    const { now } = server.world;
    const limiter = server.limiterOf(this.user);
    if (!limiter.take(now)) {
      return this.refuse(data, 'RATE_LIMITED', limiter.left(now).resetMs);
    }
    this.commit(data, missed);
  }

  private commit(data: SentOperation, missed: readonly CommittedOperation[]): void {
    const { server } = this;
    // The base text had the current length without the changes since.
    const changes = missed.map(entry => fromWire(entry.operations, Number.MAX_SAFE_INTEGER));
    const added = changes.reduce((sum, operation) => sum + operation.lengthChange, 0);
    let operation: Operation;
    try {
      operation = fromWire(data.operations, server.text.length - added);
    } catch (error) {
      if (!(error instanceof InvalidOperation)) {
        throw error;
      }
      return this.refuse(data, 'INVALID_OPERATION');
    }
    for (const change of changes) {
      operation = normalise(transform(operation, change, 'left'));
    }
    const version = server.commit(data.operationId, this.user, this, operation);
    server.remember(data, version);
    if (server.world.chance.happens(server.doubt)) {
      return this.refuse(data, 'STORE_UNAVAILABLE', 500);
    }
    this.acknowledge(data.operationId, version);
    if (data.cursor) {
      this.relay.offer({ cursor: data.cursor, version });
    }
  }

  private acknowledge(operationId: string, version: number): void {
    const rateLimit = this.server.limiterOf(this.user).left(this.server.world.now);
    this.send({ event: 'operation_ack', data: { operationId, version, success: true, rateLimit } });
  }

  private refuse({ operationId }: SentOperation, code: string, retryAfterMs?: number): void {
    this.server.refusals.push(code);
    const data = { operationId, success: false, code, message: code, retryAfterMs } as const;
    this.send({ event: 'operation_ack', data });
  }

  private conflict({ operationId, version }: SentOperation): void {
    const { server } = this;
    const conflictingOperations = server.since(version) ?? [];
    const currentVersion = server.version;
    this.send({
      event: 'version_conflict',
      data: { operationId, expectedVersion: version, currentVersion, conflictingOperations }
    });
    if (!conflictingOperations.length) {
      this.sync(version, true);
    }
  }

  private sync(lastKnownVersion: number, wantsContent: boolean): void {
    const { epoch, version, text } = this.server;
    const operations = wantsContent ? null : this.server.since(lastKnownVersion);
    const whole = operations ? { operations } : { content: text.toString() };
    this.send({ event: 'sync', data: { epoch, version, ...whole } });
  }

  private showCursor({ cursor, version, draft, summon }: SentCursor): void {
    const { server } = this;
    this.place = cursor && server.text.offsetOf(cursor.line, cursor.column);
    for (const other of server.sessions.filter(session => session !== this)) {
      const { sessionId } = this;
      const { userId, userName } = this.user;
      const rest = {
        ...(draft && mayEdit(server.role) && other.takesDrafts && { draft }),
        ...(summon && { summon })
      };
      other.send({
        event: 'remote_cursor',
        data: { userId, userName, sessionId, cursor, version, ...rest }
      });
    }
  }
}
