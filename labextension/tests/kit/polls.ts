import type { Answer, ClientEvent, JoinRequest, Request, ServerEvent } from '../../src/protocol';
import type { Server, Session, User } from './server';

/** Milliseconds without a request after which a session ends. */
const SILENCE = 60_000;

type Answered = (answer: Answer) => void;

/** The polling transport of the reference server (section 4 of the protocol). */
export class Polls {
  private readonly polls = new Map<string, Poll>();

  constructor(readonly server: Server) {}

  /** Drops all sessions, as a restart of the server does. */
  forget(): void {
    this.polls.forEach(poll => poll.session.left());
    this.polls.clear();
  }

  handle(user: User, { method, path, body }: Request, answered: Answered): void {
    const url = new URL(path, 'http://server');
    const [, , sessionId] = url.pathname.split('/');
    if (!sessionId) {
      this.join(user, JSON.parse(body ?? '') as JoinRequest, answered);
      return;
    }
    const poll = this.polls.get(sessionId);
    if (!poll || poll.user.userId !== user.userId) {
      answered(refusal(false));
      return;
    }
    this.keepAlive(sessionId, poll);
    if (method === 'DELETE') {
      this.end(sessionId, poll);
      answered(success({}));
    } else if (method === 'POST') {
      poll.take(JSON.parse(body ?? '') as ClientEvent[], answered);
    } else {
      const { searchParams } = url;
      poll.fetch(Number(searchParams.get('after')), Number(searchParams.get('wait')), answered);
    }
  }

  private join(user: User, data: JoinRequest, answered: Answered): void {
    const poll = new Poll(this.server, user);
    const welcome = poll.join(data);
    this.polls.set(welcome.sessionId, poll);
    this.keepAlive(welcome.sessionId, poll);
    answered(success({ ...welcome, userId: user.userId, userName: user.userName }));
  }

  private keepAlive(sessionId: string, poll: Poll): void {
    poll.cancelEnd?.();
    poll.cancelEnd = this.server.world.after(SILENCE, () => this.end(sessionId, poll));
  }

  private end(sessionId: string, poll: Poll): void {
    if (this.polls.get(sessionId) === poll) {
      this.polls.delete(sessionId);
    }
    poll.cancelEnd?.();
    poll.session.left();
    poll.end(refusal(false));
  }
}

class Poll {
  readonly session: Session;
  cancelEnd: (() => void) | null = null;
  private events: { seq: number; event: ServerEvent }[] = [];
  private seq = -1;
  private ended: Answer | null = null;
  private waiting: (() => void) | null = null;

  constructor(
    private readonly server: Server,
    readonly user: User
  ) {
    this.session = server.open(
      user,
      events => events.forEach(event => this.queue(event)),
      code => this.end(refusal(code === 4409))
    );
  }

  join(data: JoinRequest) {
    this.session.handle({ event: 'join_session', data });
    const [{ event }] = this.events;
    if (event.event !== 'session_joined') {
      throw new Error('A join is answered first.');
    }
    return event.data;
  }

  take(events: readonly ClientEvent[], answered: Answered): void {
    if (this.ended) {
      answered(this.ended);
      return;
    }
    events.forEach(event => this.session.handle(event));
    answered(success({}));
  }

  /** Answers with the events after number `after`, as soon as there is one or after `wait` seconds. */
  fetch(after: number, wait: number, answered: Answered): void {
    this.waiting?.();
    this.events = this.events.filter(({ seq }) => seq > after);
    const answer = () => {
      cancel();
      this.waiting = null;
      answered(this.events.length || !this.ended ? this.news(after) : this.ended);
    };
    const cancel = this.server.world.after(wait * 1000, answer);
    this.waiting = answer;
    if (this.events.length || this.ended) {
      answer();
    }
  }

  end(by: Answer): void {
    this.ended ??= by;
    this.waiting?.();
  }

  private news(after: number): Answer {
    const events = this.events.map(({ seq, event }) => ({ seq, ...event }));
    return success({ events, seq: this.events.at(-1)?.seq ?? after });
  }

  private queue(event: ServerEvent): void {
    if (event.event !== 'connect' && !this.ended) {
      this.events.push({ seq: ++this.seq, event });
      this.waiting?.();
    }
  }
}

function success(data: unknown): Answer {
  return { status: 200, body: JSON.stringify({ success: true, data }) };
}

function refusal(isTakenOver: boolean): Answer {
  const details = isTakenOver ? { takenOver: true } : {};
  const error = 'Join again.';
  return {
    status: 409,
    body: JSON.stringify({ success: false, code: 'NOT_JOINED', error, details })
  };
}
