import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Role } from '../protocol';
import {
  NAME_LENGTH,
  nameOf,
  type PrincipalKind,
  principalOf,
  type SpecAccess
} from '../server/collaborators';
import { unawaited } from '../ui/failure';
import { roleDescription, roleText } from '../ui/roleText';
import { rolesToGive } from './rights';
import { ADD_FORM, type Sharing } from './sharing';
import { ErrorMessage } from './errorMessage';

export interface AddFormProps {
  readonly sharing: Sharing;
  readonly access: SpecAccess;
  readonly trans: TranslationBundle;
}

/** The form that adds a person or a group to the list. */
export function AddForm({ sharing, access, trans }: AddFormProps): JSX.Element {
  const [kind, setKind] = React.useState<PrincipalKind>('user');
  const [typed, setTyped] = React.useState('');
  const [role, setRole] = React.useState<Role>('contributor');
  const input = React.useRef<HTMLInputElement>(null);
  const { busy, failure, suggestion } = sharing.state;
  const roles = rolesToGive(access);
  const principal = principalOf(kind, typed);
  const known = access.collaborators.find(entry => entry.principal === principal);
  const failed = trans.__('The spec could not be shared.');

  const change = (apply: () => void) => {
    sharing.dropSuggestion();
    apply();
  };
  const finish = async (isShared: Promise<boolean>) => {
    if (await isShared) {
      setTyped('');
    }
    input.current?.focus();
  };
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    if (principal && !known && !busy) {
      await finish(sharing.add(principal, role));
    }
  };
  return (
    <form
      className="jp-SpecShare-newcomer"
      onSubmit={event => unawaited(submit(event), failed, trans)}
    >
      <HTMLSelect
        aria-label={trans.__('Share with a person or a group')}
        value={kind}
        onChange={event => change(() => setKind(event.target.value as PrincipalKind))}
      >
        <option value="user">{trans.__('Person')}</option>
        <option value="group">{trans.__('Group')}</option>
      </HTMLSelect>
      <input
        ref={input}
        className="jp-mod-styled jp-SpecShare-name"
        value={typed}
        maxLength={NAME_LENGTH}
        autoComplete="off"
        spellCheck={false}
        placeholder={kind === 'user' ? trans.__('Login name') : trans.__('Name of the group')}
        aria-label={kind === 'user' ? trans.__('Login name') : trans.__('Name of the group')}
        aria-describedby="jp-SpecShare-hint jp-SpecShare-newcomer-trouble"
        aria-invalid={known !== undefined || failure?.place === ADD_FORM}
        onChange={event => change(() => setTyped(event.target.value))}
      />
      <HTMLSelect
        aria-label={trans.__('What they can do')}
        value={role}
        onChange={event => setRole(event.target.value as Role)}
      >
        {roles.map(each => (
          <option key={each} value={each}>
            {roleText(each, trans)}
          </option>
        ))}
      </HTMLSelect>
      <button
        type="submit"
        className="jp-mod-styled jp-mod-accept"
        disabled={principal === null || known !== undefined}
      >
        {trans.__('Share')}
      </button>
      <p id="jp-SpecShare-hint" className="jp-SpecShare-hint">
        {roleDescription(role, trans)}
      </p>
      <ErrorMessage
        id="jp-SpecShare-newcomer-trouble"
        sharing={sharing}
        place={ADD_FORM}
        trans={trans}
      >
        {known && trans.__('%1 is in the list already: change the role there.', nameOf(known))}
      </ErrorMessage>
      {suggestion && (
        <button
          type="button"
          className="jp-mod-styled"
          disabled={busy !== null}
          onClick={() => unawaited(finish(sharing.takeSuggestion()), failed, trans)}
        >
          {trans.__('Share with %1 instead', suggestion.principal.replace(/^(user|group):/, ''))}
        </button>
      )}
    </form>
  );
}
