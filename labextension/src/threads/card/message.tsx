import { deleteIcon, editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ThreadMessage } from '../../server/threads';
import { attempted, sent } from '../attempts';
import { Body } from './body';
import { Byline } from './byline';
import { Composer } from './composer';
import { IconButton } from './iconButton';
import { Question } from './question';
import { mayEditMessage, mayRemoveMessage } from '../rights';
import type { ThreadContext } from '../threadContext';
import { useDraft } from './useDraft';
import { waitingText } from '../words';

export interface MessageProps {
  readonly context: ThreadContext;
  readonly threadId: string;
  readonly message: ThreadMessage;
  /** Whether the server does not have it as it is shown. */
  readonly isPending: boolean;
  /** Whether its author and admins are offered to change it. */
  readonly isOpen: boolean;
}

type Doing = 'reading' | 'editing' | 'removing';

/** What somebody wrote in a thread, with who and when. */
export function Message(props: MessageProps): JSX.Element {
  const { context, threadId, message, isPending, isOpen } = props;
  const { threads, trans } = context;
  const { messageId, body } = message;
  const [draft, write] = useDraft(threads.drafts, { kind: 'edit', messageId });
  const [doing, setDoing] = React.useState<Doing>(draft ? 'editing' : 'reading');
  const read = () => setDoing('reading');
  const save = () => {
    read();
    write('');
    if (draft !== body) {
      sent(threads.edit(threadId, messageId, draft));
    }
  };
  const remove = () => {
    read();
    const removed = threads.removeMessage(threadId, messageId);
    sent(attempted(removed, trans.__('The message was not deleted.'), trans));
    context.say(trans.__('Message deleted'));
  };
  return (
    <section className="jp-ThreadMessage" aria-label={trans.__('%1 writes', message.userName)}>
      <header className="jp-ThreadMessage-head">
        <Byline context={context} message={message} />
        {isOpen && doing === 'reading' && !isPending && (
          <Changes
            context={context}
            message={message}
            edit={() => {
              write(draft || body);
              setDoing('editing');
            }}
            remove={() => setDoing('removing')}
          />
        )}
      </header>
      {isOpen && doing === 'editing' ? (
        <Composer
          context={context}
          label={trans.__('Edit the message')}
          placeholder={trans.__('Write in Markdown')}
          value={draft}
          sendLabel={trans.__('Save')}
          isFocused
          change={write}
          send={save}
          close={read}
          discard={() => {
            write('');
            read();
          }}
        />
      ) : (
        <Text context={context} message={message} />
      )}
      {doing === 'removing' && (
        <Question
          question={trans.__('Delete this message?')}
          yesLabel={trans.__('Delete')}
          trans={trans}
          yes={remove}
          no={read}
        />
      )}
      {isPending && <p className="jp-ThreadMessage-pending">{waitingText(trans)}</p>}
    </section>
  );
}

interface PartProps {
  readonly context: ThreadContext;
  readonly message: ThreadMessage;
}

function Text({ context, message }: PartProps): JSX.Element | null {
  const { messageId, body, mentions, deleted } = message;
  if (deleted) {
    return (
      <p className="jp-ThreadMessage-deleted">{context.trans.__('This message was deleted.')}</p>
    );
  }
  return body ? (
    <Body
      bodies={context.bodies}
      messageId={messageId}
      body={body}
      mentions={mentions}
      open={target => context.open(target)}
    />
  ) : null;
}

interface ChangesProps extends PartProps {
  edit(): void;
  remove(): void;
}

function Changes({ context, message, edit, remove }: ChangesProps): JSX.Element {
  const { threads, trans } = context;
  return (
    <span className="jp-ThreadMessage-changes">
      {mayEditMessage(message, threads.role, threads.me) && (
        <IconButton icon={editIcon} label={trans.__('Edit this message')} run={edit} />
      )}
      {mayRemoveMessage(message, threads.role, threads.me) && (
        <IconButton icon={deleteIcon} label={trans.__('Delete this message')} run={remove} />
      )}
    </span>
  );
}
