import type { SpecError } from '../server/error';
import type { Thread } from '../server/threads';
import type { WrittenCall } from './calls';
import type { RefusedText } from './specThreads';

/** What the user wrote with a call that the server refused, in one of these `threads` or a new one. */
export function refusedText(
  call: WrittenCall,
  error: SpecError,
  threads: ReadonlyMap<string, Thread>
): RefusedText {
  const { callId, threadId, kind, body } = call;
  const isNew = kind === 'comment' || kind === 'suggestion';
  return {
    callId,
    threadId,
    kind,
    body,
    replacement: isNew ? call.replacement : null,
    quote: isNew ? call.quote : (threads.get(threadId)?.quote ?? null),
    error
  };
}
