import { MalformedFrame, toEvents } from './codec';
import type { ServerEvent } from './messages';
import type { Answer } from './requests';
import { isCount, isRecord, isString, listOf, record } from './validators';

/** An error response of the server. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The body of a response: `data`, or the error. */
export type Envelope =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly refusal: Refusal };

/** An event and its number in the session; `events` is empty if this client doesn't know the event. */
export interface Numbered {
  readonly seq: number;
  readonly events: readonly ServerEvent[];
}

const refusal = record({ code: isString, error: isString });
const fetched = record({ events: listOf(record({ seq: isCount })), seq: isCount });

/** Parses a response; `null` if it does not come from the server, but for example from a proxy. */
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

/** The numbered events in the data of a fetch. Throws {@link MalformedFrame} for other data. */
export function readFetched(data: unknown): readonly Numbered[] {
  if (!fetched(data)) {
    throw new MalformedFrame('The response to a fetch has the wrong form.');
  }
  const { events } = data as { events: readonly { seq: number }[] };
  return events.map(event => ({ seq: event.seq, events: toEvents(event) }));
}

/** The data of a join, as the events that a WebSocket would deliver. Throws {@link MalformedFrame}. */
export function readJoined(data: unknown): readonly ServerEvent[] {
  if (!isRecord(data)) {
    throw new MalformedFrame('The response to a join has the wrong form.');
  }
  const { specId, userId, userName } = data;
  const connect = { specId, userId, userName, timestamp: '', protocol: 1 };
  return [
    { event: 'connect', data: connect },
    { event: 'session_joined', data }
  ].flatMap(toEvents);
}
