import type { TranslationBundle } from '@jupyterlab/translation';

import { mayEdit, type Role } from '../protocol';
import type { ConnectionState } from '../session';
import { messageText } from '../ui/messageText';
import { askToEdit } from '../ui/roleText';
import { stateText } from '../ui/stateText';

/** A property of a connection as text; `note` explains its value. */
export interface Detail {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

const UNKNOWN = '–';

/** The properties of a connection, as the details in the status bar list them. */
export function detailsOf(state: ConnectionState, trans: TranslationBundle): readonly Detail[] {
  const { pendingOperations, pendingParts, trouble } = state;
  return [
    {
      name: trans.__('State'),
      value: stateText(state, trans),
      ...(trouble && { note: messageText(trouble, trans) })
    },
    { name: trans.__('Transport'), ...transportOf(state, trans) },
    { name: trans.__('Round trip'), value: roundTripOf(state, trans) },
    { name: trans.__('Version'), value: state.version.toLocaleString() },
    {
      name: trans.__('Unsaved edits'),
      value: String(pendingOperations),
      ...(pendingParts > 1 && { note: trans.__('on their way in %1 parts', pendingParts) })
    },
    { name: trans.__('Pace'), ...paceOf(state, trans) },
    { name: trans.__('Your role'), ...roleOf(state, trans) },
    { name: trans.__('People'), value: peopleOf(state, trans) }
  ];
}

function roundTripOf(
  { roundTripMs, transport }: ConnectionState,
  trans: TranslationBundle
): string {
  const isKnown = roundTripMs !== null && transport !== '';
  return isKnown ? trans.__('%1 ms', Math.round(roundTripMs)) : UNKNOWN;
}

function transportOf(
  { transport, obstacle }: ConnectionState,
  trans: TranslationBundle
): Omit<Detail, 'name'> {
  switch (transport) {
    case 'websocket':
      return { value: trans.__('WebSocket') };
    case 'polling':
      return { value: trans.__('Long polling'), ...noteOn(obstacle, trans) };
    default:
      return { value: UNKNOWN };
  }
}

function noteOn(
  obstacle: ConnectionState['obstacle'],
  trans: TranslationBundle
): { note: string } | null {
  switch (obstacle) {
    case 'unopened':
      return {
        note: trans.__(
          'This network lets no WebSocket through. Everything works, a little later; a WebSocket is tried from time to time.'
        )
      };
    case 'shortLived':
      return {
        note: trans.__(
          'WebSockets break down on this network. Everything works, a little later; a WebSocket is tried from time to time.'
        )
      };
    case null:
      return null;
  }
}

function paceOf(
  { limits, operationsLeft }: ConnectionState,
  trans: TranslationBundle
): Omit<Detail, 'name'> {
  if (!limits) {
    return { value: UNKNOWN };
  }
  const limit = limits.operationsPerMinute.toLocaleString();
  if (operationsLeft === null) {
    return { value: trans.__('up to %1 messages a minute', limit) };
  }
  return {
    value: trans.__('%1 of %2 messages left this minute', operationsLeft, limit),
    ...(operationsLeft < limits.operationsPerMinute / 4 && {
      note: trans.__('What you type goes out about once a second until there are more again.')
    })
  };
}

function roleOf({ role }: ConnectionState, trans: TranslationBundle): Omit<Detail, 'name'> {
  const isViewer = role !== null && !mayEdit(role);
  return { value: roleName(role, trans), ...(isViewer && { note: askToEdit(trans) }) };
}

function roleName(role: Role | null, trans: TranslationBundle): string {
  switch (role) {
    case 'viewer':
      return trans.__('Viewer');
    case 'commenter':
      return trans.__('Commenter');
    case 'contributor':
      return trans.__('Contributor');
    case 'admin':
      return trans.__('Admin');
    case 'owner':
      return trans.__('Owner');
    case null:
      return trans.__('None');
  }
}

function peopleOf({ users, me, status }: ConnectionState, trans: TranslationBundle): string {
  if (status === 'offline') {
    return UNKNOWN;
  }
  const names = users.map(({ userId, userName }) =>
    userId === me?.userId ? trans.__('%1 (you)', userName) : userName
  );
  return names.join(', ') || UNKNOWN;
}
