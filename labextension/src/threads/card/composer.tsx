import * as React from 'react';

import { codePointLength } from '../../text';
import { Completion, optionId } from './completion';
import { completed, keyOf, mentionAt, type Mentionable, offered } from '../mentions';
import { LONGEST_BODY } from '../specThreads';
import type { ThreadContext } from '../threadContext';

export interface ComposerProps {
  readonly context: ThreadContext;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  /** What the button says that sends it. */
  readonly sendLabel: string;
  /** Whether an empty message may be sent, too. */
  readonly isOptional?: boolean;
  readonly isFocused?: boolean;
  /** Whether it can't be sent for another reason. */
  readonly isBlocked?: boolean;
  change(value: string): void;
  send(): void;
  /** Closes it, and keeps what was written. */
  close(): void;
  /** Closes it, and forgets what was written; without it there is nothing to cancel. */
  discard?(): void;
}

/** Where a message is written, in Markdown: Ctrl+Enter sends it, Esc leaves it as a draft, `@` offers people. */
export function Composer(props: ComposerProps): JSX.Element {
  const { context, label, value, placeholder, change } = props;
  const { trans } = context;
  const field = React.useRef<HTMLTextAreaElement>(null);
  const listId = React.useId();
  const mention = useMention(context, field, value, change);
  const isTooLong = value.length > LONGEST_BODY && codePointLength(value) > LONGEST_BODY;
  const isEmpty = !props.isOptional && value.trim() === '';
  const maySend = !isTooLong && !isEmpty && !props.isBlocked;
  useHeightOfText(field, value);
  React.useLayoutEffect(() => {
    const end = field.current?.value.length ?? 0;
    field.current?.setSelectionRange(end, end); // behind a draft, whoever gives it the focus
  }, []);
  React.useEffect(() => {
    if (props.isFocused) {
      field.current?.focus({ preventScroll: true });
    }
  }, [props.isFocused]);
  const keyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing || mention.keyDown(event)) {
      return;
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (maySend) {
        props.send();
      }
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      props.close();
    }
  };
  return (
    <div className="jp-ThreadComposer">
      <textarea
        ref={field}
        className="jp-mod-styled jp-ThreadComposer-text"
        rows={2}
        value={value}
        placeholder={placeholder}
        aria-label={label}
        aria-invalid={isTooLong || undefined}
        aria-autocomplete="list"
        aria-controls={mention.people.length > 0 ? listId : undefined}
        aria-activedescendant={
          mention.people.length > 0 ? optionId(listId, mention.current) : undefined
        }
        onChange={event => {
          change(event.target.value);
          mention.look();
        }}
        onSelect={mention.look}
        onBlur={mention.close}
        onKeyDown={keyDown}
      />
      {mention.people.length > 0 && (
        <Completion
          id={listId}
          people={mention.people}
          current={mention.current}
          trans={trans}
          colourOf={userId => context.colourOf(userId)}
          take={mention.take}
        />
      )}
      {isTooLong && (
        <p className="jp-ThreadComposer-trouble" role="alert">
          {trans.__(
            'This is longer than %1 characters. Shorten it, or send it as several messages.',
            LONGEST_BODY
          )}
        </p>
      )}
      <div className="jp-ThreadComposer-buttons">
        {props.discard && (
          <button className="jp-mod-styled jp-mod-minimal" onClick={() => props.discard?.()}>
            {trans.__('Cancel')}
          </button>
        )}
        <button
          className="jp-mod-styled jp-mod-accept"
          title={trans.__('%1 (Ctrl+Enter)', props.sendLabel)}
          disabled={!maySend}
          onClick={() => {
            field.current?.focus({ preventScroll: true }); // the button may go, or do nothing any more
            props.send();
          }}
        >
          {props.sendLabel}
        </button>
      </div>
    </div>
  );
}

/** Makes a text area as high as its text, up to what its style allows. */
function useHeightOfText(field: React.RefObject<HTMLTextAreaElement>, value: string): void {
  React.useLayoutEffect(() => {
    const node = field.current;
    if (node) {
      node.style.height = 'auto';
      node.style.height = `${node.scrollHeight + 2}px`;
    }
  }, [value]);
}

interface Mention {
  readonly people: readonly Mentionable[];
  readonly current: number;
  look(): void;
  close(): void;
  take(person: Mentionable): void;
  /** Whether the key was one for the list. */
  keyDown(event: React.KeyboardEvent): boolean;
}

const NOBODY: readonly Mentionable[] = [];

/** Who is offered for what is typed at the caret of a field. */
function useMention(
  context: ThreadContext,
  field: React.RefObject<HTMLTextAreaElement>,
  value: string,
  change: (value: string) => void
): Mention {
  const [typed, setTyped] = React.useState<string | null>(null);
  const [chosen, choose] = React.useState('');
  const [, drawAgain] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => context.peopleChanged.add(drawAgain), [context]);
  const caret = React.useRef<number | null>(null);
  const query = () => {
    const node = field.current;
    return node && node.selectionStart === node.selectionEnd
      ? mentionAt(node.value, node.selectionStart)
      : null;
  };
  const people = typed === null ? NOBODY : offered(context.people(), typed);
  // Who is chosen stays so where others come before them.
  const current = Math.max(
    0,
    people.findIndex(each => keyOf(each) === chosen)
  );
  const look = () => {
    const next = query()?.typed ?? null;
    if (next !== typed) {
      setTyped(next);
      choose('');
    }
  };
  React.useLayoutEffect(() => {
    if (caret.current !== null) {
      field.current?.setSelectionRange(caret.current, caret.current);
      caret.current = null;
    }
  }, [value]);
  const close = () => setTyped(null);
  const take = (person: Mentionable) => {
    const found = query();
    if (found) {
      const done = completed(value, found, person);
      caret.current = done.caret;
      change(done.text);
    }
    close();
  };
  const keyDown = (event: React.KeyboardEvent): boolean => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (people.length === 0 || !isPlain) {
      return false;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      choose(keyOf(people[(current + step + people.length) % people.length]!));
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      take(people[current]!);
    } else if (event.key === 'Escape') {
      close();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { people, current, look, close, take, keyDown };
}
