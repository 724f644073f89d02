import { MalformedFrame, toEvents } from './codec';
import type { ServerEvent } from './messages';
import type { Answer } from './requests';
import { isCount, isRecord, isString, listOf, record } from './validators';

/** The server said no, in the words of the protocol. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What the server answered: `data`, or why not. */
export type Envelope =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly refusal: Refusal };

/** An event and its number in the session; `events` is empty for one that this client doesn't know. */
export interface Numbered {
  readonly seq: number;
  readonly events: readonly ServerEvent[];
}

const refusal = record({ code: isString, error: isString });
const fetched = record({ events: listOf(record({ seq: isCount })), seq: isCount });

/** What an answer of the server holds; `null` where something else answered, a proxy most likely. */
export function openEnvelope({ body }: Answer): Envelope | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (!isRecord(value)) {
    return null;
  }
  if (value.success === true) {
    return { success: true, data: value.data };
  }
  if (value.success === false && refusal(value)) {
    const { code, error, details } = value;
    return {
      success: false,
      refusal: {
        code: code as string,
        message: error as string,
        details: isRecord(details) ? details : {}
      }
    };
  }
  return null;
}

/** The data of a fetch. Throws {@link MalformedFrame} for anything else. */
export function readFetched(data: unknown): readonly Numbered[] {
  if (!fetched(data)) {
    throw new MalformedFrame('This is not what a fetch answers.');
  }
  const { events } = data as { events: readonly { seq: number }[] };
  return events.map(event => ({ seq: event.seq, events: toEvents(event) }));
}

/** The data of a join as the events that a WebSocket would have brought. Throws {@link MalformedFrame}. */
export function readJoined(data: unknown): readonly ServerEvent[] {
  if (!isRecord(data)) {
    throw new MalformedFrame('This is not what a join answers.');
  }
  const { specId, userId, userName } = data;
  const connect = { specId, userId, userName, timestamp: '', protocol: 1 };
  return [
    { event: 'connect', data: connect },
    { event: 'session_joined', data }
  ].flatMap(toEvents);
}
