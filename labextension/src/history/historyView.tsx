import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Sitting } from '../server/history';
import { errorSentence } from '../ui/errorSentence';
import { inBackground } from '../ui/failure';
import { EVERYTHING, leavesOut } from './choice';
import { Filters } from './filters';
import { type RowActions, SittingRow } from './row';
import type { Sittings } from './sittings';
import { dayName } from './times';

export interface HistoryViewOptions {
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
  readonly actions: RowActions & {
    showSpecs(): void;
    /** Whether the section at the caret is followed from now on. */
    follow(isOn: boolean): void;
    /** The picked version is no longer to be compared with another one. */
    unpick(): void;
  };
}

/** What the view shows beside the sittings. */
export interface Shown {
  readonly sittings: Sittings | null;
  /** The version that is shown in a comparison. */
  readonly current: number | null;
  /** What to call the version that another one is to be chosen for. */
  readonly picked: string | null;
  readonly isFollowing: boolean;
  colourOf(userId: string): string | null;
}

const NOTHING: Shown = {
  sittings: null,
  current: null,
  picked: null,
  isFollowing: false,
  colourOf: () => null
};

/** The sittings of a spec, by day. The arrow keys go from one to the next, Enter shows what it changed. */
export class HistoryView extends ReactWidget {
  private shown = NOTHING;

  constructor(private readonly options: HistoryViewOptions) {
    super();
    this.addClass('jp-History');
  }

  display(changes: Partial<Shown>): void {
    const before = this.shown.sittings;
    this.shown = { ...this.shown, ...changes };
    if (this.shown.sittings !== before) {
      before?.changed.disconnect(this.update, this);
      this.shown.sittings?.changed.connect(this.update, this);
    }
    this.update();
  }

  protected override render(): JSX.Element {
    const { shown } = this;
    const { trans, actions } = this.options;
    const { sittings } = shown;
    if (!sittings) {
      return (
        <div className="jp-History-empty">
          <p>{trans.__('Open a spec to see who wrote what, and when.')}</p>
          <button className="jp-mod-styled" onClick={() => actions.showSpecs()}>
            {trans.__('Show specs')}
          </button>
        </div>
      );
    }
    const { choice, people, isLoaded, loaded } = sittings.state;
    return (
      <>
        {(loaded.length > 0 || leavesOut(choice) || shown.isFollowing || !isLoaded) && (
          <Filters
            choice={choice}
            people={people}
            isFollowing={shown.isFollowing}
            trans={trans}
            choose={chosen => inBackground(sittings.choose(chosen))}
            follow={isOn => actions.follow(isOn)}
            leave={() => stopsIn(this.node)[0]?.focus()}
          />
        )}
        {shown.picked !== null && (
          <div className="jp-History-picked" role="status">
            <span>{trans.__('%1: choose the version to compare it with.', shown.picked)}</span>
            <button className="jp-SpecFilters-all" onClick={() => actions.unpick()}>
              {trans.__('Cancel')}
            </button>
          </div>
        )}
        {this.error(sittings)}
        {this.list(sittings)}
      </>
    );
  }

  private error(sittings: Sittings): JSX.Element | null {
    const { trans } = this.options;
    const { error } = sittings.state;
    return (
      error && (
        <div className="jp-History-error" role="alert">
          <p>{errorSentence(error, trans.__('The history could not be loaded.'), trans)}</p>
          <button
            className="jp-mod-styled"
            onClick={() =>
              inBackground(sittings.state.isLoaded ? sittings.more() : sittings.reload())
            }
          >
            {trans.__('Try again')}
          </button>
        </div>
      )
    );
  }

  private list(sittings: Sittings): JSX.Element {
    const { trans, locale, actions } = this.options;
    const { shown, isLoaded, isLoading, hasMore, error, choice } = sittings.state;
    if (shown.length === 0) {
      return (
        <div className="jp-History-empty" role="status">
          {isLoading || (!isLoaded && !error) ? (
            <p>{trans.__('Loading…')}</p>
          ) : (
            !error && <Empty sittings={sittings} trans={trans} actions={actions} />
          )}
        </div>
      );
    }
    const { current, colourOf } = this.shown;
    const focusable = Math.max(
      0,
      shown.findIndex(({ toVersion }) => toVersion === current)
    );
    let index = 0;
    return (
      <div
        className="jp-History-list"
        role="group"
        aria-label={trans.__('History')}
        onKeyDown={event => moveFocus(event)}
      >
        {daysOf(shown, locale).map(({ name, sittings: rows }) => (
          <section key={rows[0]!.fromVersion} aria-label={name}>
            <h3>{name}</h3>
            <ul>
              {rows.map(sitting => (
                <SittingRow
                  key={sitting.fromVersion}
                  sitting={sitting}
                  colourOf={colourOf}
                  current={isIn(sitting, current) ? current : null}
                  isFocusable={index++ === focusable}
                  trans={trans}
                  locale={locale}
                  actions={actions}
                />
              ))}
            </ul>
          </section>
        ))}
        {hasMore && (
          <Older
            key={choice.search}
            isLoading={isLoading}
            trans={trans}
            more={() => inBackground(sittings.more())}
          />
        )}
      </div>
    );
  }
}

/** Words for a history in which nothing is to be shown. */
function Empty({
  sittings,
  trans,
  actions
}: {
  readonly sittings: Sittings;
  readonly trans: TranslationBundle;
  readonly actions: HistoryViewOptions['actions'];
}): JSX.Element {
  const { choice, hasMore } = sittings.state;
  if (!leavesOut(choice)) {
    return (
      <p>
        {trans.__(
          'Nothing has been written here yet. Type something: who wrote what, and when, stands here from then on, and any earlier text can be brought back.'
        )}
      </p>
    );
  }
  return (
    <>
      <p>
        {choice.labelsOnly && !choice.search
          ? trans.__(
              'No version has a label here. “Label This Version…” above marks the text as it is now, for example “Sent for review”.'
            )
          : trans.__('Nothing like that was found.')}
      </p>
      {hasMore && (
        <button className="jp-mod-styled" onClick={() => inBackground(sittings.more())}>
          {trans.__('Look further back')}
        </button>
      )}
      <button
        className="jp-mod-styled"
        onClick={() => {
          actions.follow(false);
          inBackground(sittings.choose(EVERYTHING));
        }}
      >
        {trans.__('Show all')}
      </button>
    </>
  );
}

/** At the end of the list: what is older is loaded when it comes into view. */
function Older({
  isLoading,
  trans,
  more
}: {
  readonly isLoading: boolean;
  readonly trans: TranslationBundle;
  more(): void;
}): JSX.Element {
  const button = React.useRef<HTMLButtonElement>(null);
  React.useEffect(() => {
    if (isLoading || !button.current || typeof IntersectionObserver === 'undefined') {
      return undefined;
    }
    const observer = new IntersectionObserver(
      entries => entries.some(({ isIntersecting }) => isIntersecting) && more(),
      { rootMargin: '200px' }
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [isLoading]);
  return (
    <button
      ref={button}
      className="jp-History-older jp-History-stop"
      tabIndex={-1}
      aria-disabled={isLoading}
      onClick={more}
    >
      {isLoading ? trans.__('Loading…') : trans.__('Show older')}
    </button>
  );
}

interface Day {
  readonly name: string;
  readonly sittings: Sitting[];
}

/** The sittings by the day on which they began. */
function daysOf(sittings: readonly Sitting[], locale: string | undefined): Day[] {
  const days: Day[] = [];
  const now = Date.now();
  for (const sitting of sittings) {
    const name = dayName(Date.parse(sitting.startedAt), now, locale);
    const day = days.at(-1);
    if (day?.name === name) {
      day.sittings.push(sitting);
    } else {
      days.push({ name, sittings: [sitting] });
    }
  }
  return days;
}

function isIn({ fromVersion, toVersion }: Sitting, version: number | null): boolean {
  return version !== null && fromVersion < version && version <= toVersion;
}

const STEPS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index, count) => Math.min(index + 1, count - 1),
  ArrowUp: index => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, count) => count - 1
};

function stopsIn(node: Element): HTMLElement[] {
  return Array.from(node.querySelectorAll<HTMLElement>('.jp-History-stop'));
}

function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  const stops = stopsIn(event.currentTarget);
  const index = stops.indexOf(document.activeElement as HTMLElement);
  if (step && index >= 0) {
    event.preventDefault();
    stops[step(index, stops.length)]?.focus();
  }
}
