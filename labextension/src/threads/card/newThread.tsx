import * as React from 'react';

import type { Composing } from '../composing';
import type { ThreadContext } from '../threadContext';
import { shortened } from '../words';
import { LONGEST_BODY } from '../specThreads';
import { Composer } from './composer';
import { useKeptCaret } from './useKeptCaret';

export interface NewThreadProps {
  readonly context: ThreadContext;
  readonly composing: Composing;
  /** Whether the user may suggest and comment; else they are told that it waits. */
  readonly mayComment: boolean;
}

/** The card in which a comment or suggestion is written. */
export function NewThread({ context, composing, mayComment }: NewThreadProps): JSX.Element | null {
  const { trans } = context;
  const [, drawAgain] = React.useReducer((count: number) => count + 1, 0);
  const field = React.useRef<HTMLTextAreaElement>(null);
  const begun = composing.current;
  const written = useKeptCaret(field, begun?.replacement ?? '');
  React.useEffect(() => composing.written.add(drawAgain), [composing]);
  React.useEffect(() => {
    if (!composing.isInPlace) {
      field.current?.focus({ preventScroll: true });
      field.current?.select();
    }
  }, [begun?.kind, composing.isInPlace]);
  if (!begun) {
    return null;
  }
  const isSuggestion = begun.kind === 'suggestion';
  const label = isSuggestion ? trans.__('New suggestion') : trans.__('New comment');
  const leave = (end: () => void) => {
    end();
    context.leave();
  };
  return (
    <section className="jp-Thread jp-mod-current jp-mod-new" aria-label={label}>
      <Kinds context={context} composing={composing} />
      {!isSuggestion && begun.quote && (
        <blockquote className="jp-Thread-quote">{shortened(begun.quote, 200)}</blockquote>
      )}
      {composing.isLost && (
        <p className="jp-ThreadComposer-trouble" role="alert">
          {trans.__(
            'The words that you write about were deleted. Copy what you wrote, then select other words.'
          )}
        </p>
      )}
      {!mayComment && (
        <p className="jp-ThreadComposer-trouble" role="alert">
          {trans.__(
            'Your role in this spec lets you view it only. Ask an owner of it, to comment.'
          )}
        </p>
      )}
      {isSuggestion && (
        <textarea
          ref={field}
          className="jp-mod-styled jp-ThreadComposer-text jp-mod-replacement"
          rows={Math.min(8, begun.replacement.split('\n').length + 1)}
          value={begun.replacement}
          aria-label={
            begun.quote
              ? trans.__('What is to stand instead of “%1”', shortened(begun.quote))
              : trans.__('What to insert')
          }
          maxLength={LONGEST_BODY}
          onChange={event => {
            written(event.target.value);
            composing.write({ replacement: event.target.value });
          }}
          onKeyDown={event => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              if (composing.maySend && mayComment) {
                leave(() => composing.send());
              }
            } else if (event.key === 'Escape') {
              event.preventDefault();
              leave(() => composing.close());
            }
          }}
        />
      )}
      <Composer
        context={context}
        label={isSuggestion ? trans.__('Why, if you like') : trans.__('Comment')}
        placeholder={
          isSuggestion
            ? trans.__('Why, if you like')
            : trans.__('Comment, or mention somebody with @')
        }
        value={begun.body}
        sendLabel={isSuggestion ? trans.__('Suggest') : trans.__('Comment')}
        isOptional={isSuggestion}
        isFocused={!isSuggestion}
        isBlocked={!composing.maySend || !mayComment}
        change={body => composing.write({ body })}
        send={() => leave(() => composing.send())}
        close={() => leave(() => composing.close())}
        discard={() => leave(() => composing.discard())}
      />
    </section>
  );
}

/** Whether it is to be a comment or a suggestion. */
function Kinds({ context, composing }: Pick<NewThreadProps, 'context' | 'composing'>): JSX.Element {
  const { trans } = context;
  const kind = composing.current?.kind;
  const choice = (each: 'comment' | 'suggestion', label: string) => (
    <button
      className="jp-ThreadKinds-kind"
      aria-pressed={kind === each}
      onClick={() => {
        const { current } = composing;
        if (current && current.kind !== each) {
          const replacement = current.replacement || current.quote;
          composing.write({ kind: each, replacement });
        }
      }}
    >
      {label}
    </button>
  );
  return (
    <div className="jp-ThreadKinds" role="group" aria-label={trans.__('What to make')}>
      {composing.current?.quote !== '' && choice('comment', trans.__('Comment'))}
      {choice('suggestion', trans.__('Suggest'))}
    </div>
  );
}
