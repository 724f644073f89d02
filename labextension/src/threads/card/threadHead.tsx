import { checkIcon, closeIcon, deleteIcon, linkIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { CommandIDs } from '../../ui/commandIds';
import { sent } from '../attempts';
import { withKeys } from '../keys';
import { IconButton } from './iconButton';
import { commentIcon, reopenIcon, resolveIcon, suggestionIcon } from '../icons';
import { Question } from './question';
import { rightsIn } from '../rights';
import type { ShownThread } from '../specThreads';
import { removeThread, setState, type ThreadDeed } from '../threadActions';
import type { ThreadContext } from '../threadContext';
import { closedText, goneText, waitingText } from '../words';

export interface ThreadHeadProps {
  readonly context: ThreadContext;
  readonly shown: ShownThread;
  /** Whether all that can be done is offered. */
  readonly isOpen: boolean;
  /** Whether it mentions the user, who has not answered. */
  readonly isAwaiting: boolean;
}

/**
 * The head of a card: what the thread is or how it was closed, in one line, and what one can do with it. That stands in
 * the same line where there is room for it in the narrowest card, else in a line of its own.
 */
export function ThreadHead(props: ThreadHeadProps): JSX.Element {
  const { context, shown, isOpen } = props;
  const { trans } = context;
  const { thread, isOrphaned, isPending } = shown;
  const isSuggestion = thread.kind === 'suggestion';
  const Icon = isSuggestion ? suggestionIcon : commentIcon;
  const closed = closedText(thread, trans);
  const gone = isOrphaned && !closed ? goneText(trans) : '';
  const isFull = isSuggestion || props.isAwaiting || closed !== '' || gone !== '';
  return (
    <div className={`jp-ThreadHead${isFull ? ' jp-mod-full' : ''}`}>
      <span className="jp-ThreadHead-what">
        <Icon.react tag="span" className="jp-ThreadHead-icon" aria-hidden="true" />
        {closed ? (
          <span className="jp-ThreadHead-kind jp-ThreadHead-state" title={closed}>
            {closed}
          </span>
        ) : (
          <span className="jp-ThreadHead-kind">
            {isSuggestion ? trans.__('Suggestion') : trans.__('Comment')}
          </span>
        )}
        {props.isAwaiting && (
          <span className="jp-ThreadHead-state jp-mod-mention">{trans.__('@ you')}</span>
        )}
        {gone && (
          <span className="jp-ThreadHead-state jp-mod-gone" title={gone}>
            {gone}
          </span>
        )}
        {isPending && <span className="jp-ThreadHead-state">{waitingText(trans)}</span>}
      </span>
      {isOpen && !isPending && <Actions context={context} shown={shown} />}
    </div>
  );
}

function Actions({ context, shown }: Pick<ThreadHeadProps, 'context' | 'shown'>): JSX.Element {
  const { threads, trans } = context;
  const [isBusy, setBusy] = React.useState(false);
  const [isAsked, setAsked] = React.useState(false);
  const isThere = React.useRef(true);
  React.useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  const rights = rightsIn(shown.thread, threads.role, threads.me);
  const run = (deed: ThreadDeed) => () => {
    setBusy(true);
    sent(setState(context, shown, deed).finally(() => isThere.current && setBusy(false)));
  };
  const button = (icon: typeof commentIcon, label: string, deed: ThreadDeed, text: string) => (
    <IconButton icon={icon} label={label} text={text} isDisabled={isBusy} run={run(deed)} />
  );
  return (
    <>
      <span className="jp-ThreadHead-actions" aria-busy={isBusy}>
        {rights.mayAccept &&
          button(
            checkIcon,
            withKeys(trans.__('Accept'), context.keysOf(CommandIDs.acceptSuggestion), trans),
            'accepted',
            trans.__('Accept')
          )}
        {rights.mayReject &&
          button(
            closeIcon,
            withKeys(trans.__('Reject'), context.keysOf(CommandIDs.rejectSuggestion), trans),
            'rejected',
            trans.__('Reject')
          )}
        {rights.mayResolve &&
          button(resolveIcon, trans.__('Resolve'), 'resolved', trans.__('Resolve'))}
        {rights.mayReopen &&
          button(reopenIcon, trans.__('Open again'), 'open', trans.__('Open again'))}
        <span className="jp-ThreadHead-tools">
          <IconButton
            icon={linkIcon}
            label={trans.__('Copy link to this')}
            run={() => context.copyLink(shown.thread.threadId)}
          />
          {rights.mayRemove && (
            <IconButton
              icon={deleteIcon}
              label={trans.__('Delete with all replies')}
              run={() => setAsked(true)}
            />
          )}
        </span>
      </span>
      {isAsked && (
        <Question
          question={trans.__('Delete this for everybody, with all replies?')}
          yesLabel={trans.__('Delete')}
          trans={trans}
          no={() => setAsked(false)}
          yes={() => {
            setAsked(false);
            removeThread(context, shown);
          }}
        />
      )}
    </>
  );
}
