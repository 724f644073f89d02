import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretRightIcon, ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { FORM_FIELDS, type FormField } from '../markdown/frontMatterForm';
import { unawaited } from '../ui/failure';
import { StatusBadge } from '../ui/statusBadge';
import type { Details, DetailsState } from './details';

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
/** The longest value that is kept of a field, in characters. */
const LONGEST = 200;

/** The front matter above the text: a button that tells it in short, which opens a form. */
export class DetailsForm extends ReactWidget {
  private isOpen = false;

  constructor(
    private readonly details: Details,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-SpecDetails');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Details of the spec'));
    details.changed.connect(() => this.update());
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.details.dispose();
      super.dispose();
    }
  }

  protected override render(): JSX.Element | null {
    const { details, trans, isOpen } = this;
    const { state } = details;
    if (!state) {
      return null;
    }
    if (state.isViewer && !state.isThere) {
      return <p className="jp-SpecDetails-none">{trans.__('No details')}</p>;
    }
    const toggle = () => {
      this.isOpen = !isOpen;
      this.update();
    };
    if (state.error) {
      const { line, reason } = state.error;
      const sentence = trans.__(
        'The details between --- can’t be read. Line %1: %2.',
        line,
        reason
      );
      return (
        <p className="jp-SpecDetails-error" role="status">
          <span title={sentence}>{sentence}</span>
          <button className="jp-mod-styled" onClick={() => details.goTo(line)}>
            {trans.__('Go to line %1', line)}
          </button>
        </p>
      );
    }
    const Caret = isOpen ? caretDownIcon : caretRightIcon;
    const { status } = state.values;
    const more = summaryOf(state, trans);
    return (
      <>
        <button
          className="jp-SpecDetails-summary"
          aria-expanded={isOpen}
          title={isOpen ? trans.__('Hide the details') : trans.__('Show the details')}
          onClick={toggle}
        >
          <Caret.react tag="span" aria-hidden="true" />
          {status && <StatusBadge status={status} trans={trans} />}
          {status && more && ' '}
          {more && <span className="jp-SpecDetails-more">{more}</span>}
          {!status && !more && <span>{trans.__('Status, owner, reviewers…')}</span>}
        </button>
        {isOpen && (
          <div className="jp-SpecDetails-fields">
            {FORM_FIELDS.map(name => (
              <Field key={name} name={name} state={state} details={details} trans={trans} />
            ))}
          </div>
        )}
      </>
    );
  }
}

interface FieldProps {
  readonly name: FormField;
  readonly state: DetailsState;
  readonly details: Details;
  readonly trans: TranslationBundle;
}

/** A field. What is typed goes into the text with Enter, or when the focus leaves; Esc takes it back. */
function Field({ name, state, details, trans }: FieldProps): JSX.Element {
  const value = state.values[name];
  const [typed, setTyped] = React.useState<string | null>(null);
  const id = React.useId();
  const isTextOnly = state.textOnly.includes(name);
  const commit = () => {
    if (typed !== null && typed !== value) {
      unawaited(details.set(name, typed), trans.__('The text could not be changed.'), trans);
    }
    setTyped(null);
  };
  const pressed = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      commit();
    } else if (event.key === 'Escape') {
      setTyped(null);
      details.focusText();
    }
  };
  const isDate = name === 'date' && (value === '' || ISO_DATE.test(value));
  const suggestions = suggestionsFor(name);
  return (
    <>
      <label htmlFor={id}>{labelOf(name, trans)}</label>
      <input
        id={id}
        type={isDate ? 'date' : 'text'}
        className="jp-mod-styled"
        value={typed ?? value}
        placeholder={isTextOnly ? trans.__('Written in the text') : placeholderOf(name, trans)}
        readOnly={state.isReadOnly || isTextOnly}
        maxLength={LONGEST}
        list={suggestions.length > 0 ? `${id}-list` : undefined}
        onChange={event => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={pressed}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </>
  );
}

function labelOf(name: FormField, trans: TranslationBundle): string {
  return {
    title: trans.__('Title'),
    status: trans.__('Status'),
    type: trans.__('Type'),
    owner: trans.__('Owner'),
    reviewers: trans.__('Reviewers'),
    date: trans.__('Date')
  }[name];
}

function placeholderOf(name: FormField, trans: TranslationBundle): string {
  return name === 'reviewers' ? trans.__('Names, with commas between them') : '';
}

/** Values that are proposed; they are words of the text, and not translated. */
function suggestionsFor(name: FormField): readonly string[] {
  switch (name) {
    case 'status':
      return ['draft', 'review', 'approved'];
    case 'type':
      return ['feature', 'decision', 'data-contract', 'test-plan', 'experiment'];
    default:
      return [];
  }
}

/** What is told of the front matter besides the status. */
function summaryOf({ values }: DetailsState, trans: TranslationBundle): string {
  const { type, owner, reviewers, date } = values;
  const parts = [
    type,
    owner && trans.__('Owner: %1', owner),
    reviewers && trans.__('Reviewers: %1', reviewers),
    date
  ];
  return parts.filter(Boolean).join(' · ');
}
