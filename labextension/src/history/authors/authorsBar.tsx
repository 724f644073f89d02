import type { TranslationBundle } from '@jupyterlab/translation';
import { closeIcon, ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { errorSentence } from '../../ui/errorSentence';
import { momentName } from '../times';
import { AGES } from './ages';
import { type Since, TINT_MODES, type TintMode } from './choice';
import type { SpecAuthors } from './specAuthors';
import { PATTERNS, type Shares } from './tinting';

/** How many people have an entry of their own; the others share one. */
const NAMED = 8;
const DAY = 86_400;

export interface AuthorsBarOptions {
  readonly authors: SpecAuthors;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
}

/** Below the text: what the colours mean, with everybody's share, and what is told. */
export class AuthorsBar extends ReactWidget {
  constructor(private readonly options: AuthorsBarOptions) {
    super();
    this.addClass('jp-SpecAuthors');
    options.authors.changed.connect(this.arrange, this);
    this.arrange();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.options.authors.changed.disconnect(this.arrange, this);
      super.dispose();
    }
  }

  protected override render(): JSX.Element {
    const { authors } = this.options;
    return <UseSignal signal={authors.changed}>{() => <Legend {...this.options} />}</UseSignal>;
  }

  private arrange(): void {
    this.setHidden(!this.options.authors.choice.isOn);
  }
}

function Legend({ authors, trans, locale }: AuthorsBarOptions): JSX.Element {
  const { choice, shares, error } = authors;
  const modes: Readonly<Record<TintMode, string>> = {
    author: trans.__('By author'),
    age: trans.__('By age')
  };
  return (
    <section className="jp-SpecAuthors-legend" aria-label={trans.__('Who wrote this')}>
      <div className="jp-SpecAuthors-choices">
        <select
          aria-label={trans.__('What the colours tell')}
          value={choice.mode}
          onChange={event => authors.choose({ mode: event.currentTarget.value as TintMode })}
        >
          {TINT_MODES.map(mode => (
            <option key={mode} value={mode}>
              {modes[mode]}
            </option>
          ))}
        </select>
        <SinceChoice authors={authors} trans={trans} />
        <button
          className="jp-SpecAuthors-close"
          title={trans.__('Hide who wrote this')}
          aria-label={trans.__('Hide who wrote this')}
          onClick={() => authors.choose({ isOn: false })}
        >
          <closeIcon.react tag="span" aria-hidden="true" />
        </button>
      </div>
      {error ? (
        <div className="jp-SpecAuthors-error" role="alert">
          {errorSentence(error, trans.__('Who wrote this could not be read.'), trans)}
          <button className="jp-mod-styled jp-mod-minimal" onClick={() => authors.retry()}>
            {trans.__('Try again')}
          </button>
        </div>
      ) : (
        <Entries authors={authors} shares={shares} trans={trans} locale={locale} />
      )}
      <AtCaret authors={authors} trans={trans} locale={locale} />
    </section>
  );
}

interface EntriesProps extends AuthorsBarOptions {
  readonly shares: Shares | null;
}

/** An entry for each person or age: a sample of its look, a name, a bar, and per cent of the text. */
function Entries({ authors, shares, trans, locale }: EntriesProps): JSX.Element {
  if (!shares) {
    return <div className="jp-SpecAuthors-note">{trans.__('Reading who wrote this…')}</div>;
  }
  const entries =
    authors.choice.mode === 'age' ? agesOf(shares, trans) : peopleOf(authors, shares, trans);
  if (entries.length === 0) {
    return (
      <div className="jp-SpecAuthors-note">
        {shares.letters === 0
          ? trans.__('There is no text yet.')
          : trans.__('Nothing of the text is newer than that.')}
      </div>
    );
  }
  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  return (
    <ul className="jp-SpecAuthors-entries">
      {entries.map(({ key, name, className, colour, letters }) => {
        const share = letters / Math.max(1, shares.letters);
        const style = {
          '--speccollab-person': colour ?? undefined,
          '--speccollab-share': share
        } as React.CSSProperties;
        return (
          <li key={key} className="jp-SpecAuthors-entry" style={style}>
            <span className={`jp-SpecAuthors-sample ${className}`} aria-hidden="true">
              {trans.__('Abc')}
            </span>
            <span className="jp-SpecAuthors-name">{name}</span>
            <span className="jp-SpecAuthors-bar" aria-hidden="true" />
            <span className="jp-SpecAuthors-share">
              {share > 0 && share < 0.005 ? trans.__('under 1%') : percent.format(share)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

interface Entry {
  readonly key: string;
  readonly name: string;
  readonly className: string;
  readonly colour: string | null;
  readonly letters: number;
}

function peopleOf(authors: SpecAuthors, { people }: Shares, trans: TranslationBundle): Entry[] {
  const named = people.slice(0, people.length > NAMED + 1 ? NAMED : NAMED + 1);
  const others = people.slice(named.length);
  const entries = named.map(([userId, letters]) => ({
    key: userId,
    name: authors.people.nameOf(userId) || trans.__('Somebody'),
    className: `cm-specAuthor cm-specAuthor-${authors.patternOf(userId) % PATTERNS}`,
    colour: authors.people.colourOf(userId),
    letters
  }));
  return others.length === 0
    ? entries
    : [
        ...entries,
        {
          key: '',
          name: trans.__('%1 others', others.length),
          className: '',
          colour: null,
          letters: others.reduce((sum, [, letters]) => sum + letters, 0)
        }
      ];
}

function agesOf({ ages }: Shares, trans: TranslationBundle): Entry[] {
  const names = [
    trans.__('Last hour'),
    trans.__('Last day'),
    trans.__('Last week'),
    trans.__('Last month'),
    trans.__('Last year'),
    trans.__('Older')
  ];
  return AGES.map((_, age) => ({
    key: String(age),
    name: names[age]!,
    className: `cm-specAge cm-specAge-${age}`,
    colour: null,
    letters: ages[age]!
  })).filter(({ letters }) => letters > 0);
}

interface SinceProps {
  readonly authors: SpecAuthors;
  readonly trans: TranslationBundle;
}

/** Of which letters is told: a list, and a field where it needs a date or a version. */
function SinceChoice({ authors, trans }: SinceProps): JSX.Element {
  const { since } = authors.choice;
  const kinds: Readonly<Record<Since['kind'], { readonly label: string; readonly since: Since }>> =
    {
      beginning: { label: trans.__('All of the text'), since: { kind: 'beginning' } },
      visit: { label: trans.__('New since my last visit'), since: { kind: 'visit' } },
      date: {
        label: trans.__('New since a day…'),
        since: { kind: 'date', time: Math.floor(Date.now() / 1000) - 7 * DAY }
      },
      version: { label: trans.__('New since a version…'), since: { kind: 'version', version: 0 } }
    };
  const choose = (next: Since) => authors.choose({ since: next });
  return (
    <>
      <select
        aria-label={trans.__('Which letters')}
        value={since.kind}
        onChange={event => choose(kinds[event.currentTarget.value as Since['kind']].since)}
      >
        {Object.entries(kinds).map(([kind, { label }]) => (
          <option key={kind} value={kind}>
            {label}
          </option>
        ))}
      </select>
      {since.kind === 'date' && (
        <input
          type="date"
          aria-label={trans.__('Day')}
          value={dayOf(since.time)}
          onChange={({ currentTarget: { value } }) => {
            const time = new Date(`${value}T00:00`).getTime();
            if (value && Number.isFinite(time)) {
              choose({ kind: 'date', time: Math.floor(time / 1000) });
            }
          }}
        />
      )}
      {since.kind === 'version' && (
        <input
          type="number"
          min={0}
          aria-label={trans.__('Version')}
          value={since.version}
          onChange={({ currentTarget: { valueAsNumber } }) => {
            if (Number.isInteger(valueAsNumber) && valueAsNumber >= 0) {
              choose({ kind: 'version', version: valueAsNumber });
            }
          }}
        />
      )}
    </>
  );
}

/** The day of a time in seconds, as a field for days has it. */
function dayOf(time: number): string {
  const date = new Date(1000 * time);
  const digits = (value: number, length: number) => String(value).padStart(length, '0');
  return [
    digits(date.getFullYear(), 4),
    digits(date.getMonth() + 1, 2),
    digits(date.getDate(), 2)
  ].join('-');
}

/** Who wrote the letter at the caret, which is what the pointer shows, for the keyboard and for ears. */
function AtCaret({ authors, trans, locale }: AuthorsBarOptions): JSX.Element | null {
  const written = authors.writtenAtCaret;
  if (!written) {
    return null;
  }
  const { byline } = written;
  const name = authors.people.nameOf(byline.userId) || trans.__('Somebody');
  const when = momentName(1000 * byline.time, Date.now(), locale);
  return <div className="jp-SpecAuthors-caret">{trans.__('At the caret: %1, %2', name, when)}</div>;
}
