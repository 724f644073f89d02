import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import { nameOf, type SpecAccess } from '../server/collaborators';
import { unawaited } from '../ui/failure';
import { roleDescription } from '../ui/roleText';
import { successors } from './rights';
import type { Question, Sharing } from './sharing';
import { afterLeaving, afterRemoval } from './sentences';

export interface ConfirmationProps {
  readonly sharing: Sharing;
  readonly question: Question;
  readonly access: SpecAccess;
  readonly trans: TranslationBundle;
}

/** Asks the user to confirm a change, in place of the control that started it. */
export function Confirmation({ sharing, question, access, trans }: ConfirmationProps): JSX.Element {
  const { sentence, consequence, confirm } = textOf(question, access, trans);
  const cancel = React.useRef<HTMLButtonElement>(null);
  const id = React.useId();
  React.useEffect(() => cancel.current?.focus(), []);
  return (
    <span className="jp-SpecShare-question" role="group" aria-labelledby={id}>
      <span id={id}>
        <strong>{sentence}</strong> {consequence}
      </span>
      {question.kind === 'handOver' && (
        <HTMLSelect
          aria-label={trans.__('The new owner')}
          value={question.to.principal}
          onChange={event => {
            const to = successors(access)[event.target.selectedIndex];
            sharing.ask(to ? { ...question, to } : question);
          }}
        >
          {successors(access).map(each => (
            <option key={each.principal} value={each.principal}>
              {nameOf(each)}
            </option>
          ))}
        </HTMLSelect>
      )}
      <span className="jp-SpecShare-answers">
        <button ref={cancel} className="jp-mod-styled" onClick={() => sharing.ask(null)}>
          {trans.__('Cancel')}
        </button>
        <button
          className="jp-mod-styled jp-mod-warn"
          onClick={() => unawaited(sharing.confirm(), trans.__('The change was not made.'), trans)}
        >
          {confirm}
        </button>
      </span>
    </span>
  );
}

interface QuestionText {
  readonly sentence: string;
  readonly consequence: string;
  readonly confirm: string;
}

function textOf(
  question: Question,
  { defaultRole }: SpecAccess,
  trans: TranslationBundle
): QuestionText {
  const name = nameOf(question.entry);
  switch (question.kind) {
    case 'remove':
      return {
        sentence: trans.__('Remove %1?', name),
        consequence: afterRemoval(defaultRole, trans),
        confirm: trans.__('Remove')
      };
    case 'leave':
      return {
        sentence: trans.__('Leave this spec?'),
        consequence: afterLeaving(defaultRole, trans),
        confirm: trans.__('Leave')
      };
    case 'handOver':
      return {
        sentence: trans.__('Hand this spec over?'),
        consequence: trans.__(
          'You can still edit and share it. Only its new owner can give it back, or delete it.'
        ),
        confirm: trans.__('Hand over')
      };
    case 'change':
      return question.role === 'owner'
        ? {
            sentence: trans.__('Make %1 an owner?', name),
            consequence: trans.__('Owners can delete the spec, and remove other owners.'),
            confirm: trans.__('Make owner')
          }
        : {
            sentence: trans.__('Lower your own role?'),
            consequence: trans.__(
              'Only somebody else can raise it again. What is left: %1',
              roleDescription(question.role, trans)
            ),
            confirm: trans.__('Lower')
          };
  }
}
