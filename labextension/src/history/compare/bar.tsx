import type { TranslationBundle } from '@jupyterlab/translation';
import { copyIcon, downloadIcon, ReactWidget, undoIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Avatar } from '../../ui/avatar';
import { previewIcon } from '../../preview/icons';
import { nextIcon, previousIcon, sideBySideIcon, unifiedIcon } from '../icons';
import { type CompareMode, type ModeChoice, modeIn } from './memory';
import { writersOf } from './names';
import type { Passage } from './passages';

/** What the bar shows. */
export interface BarState extends ModeChoice {
  readonly olderName: string;
  readonly newerName: string;
  readonly isRenderable: boolean;
  readonly isFolded: boolean;
  /** How many changes there are; `null` before they are known. */
  readonly count: number | null;
  /** The index of the one that the user is at; -1 if they are at none. */
  readonly current: number;
  readonly passage: Passage | null;
  /** Whether the user may restore a passage, and a version. */
  readonly mayEdit: boolean;
  readonly mayRestore: boolean;
}

export interface BarActions {
  show(mode: CompareMode): void;
  fold(isOn: boolean): void;
  go(step: 1 | -1): void;
  restorePassage(passage: Passage): void;
  copy(passage: Passage): void;
  restoreVersion(): void;
  download(): void;
}

/** Above a comparison: which texts, how they are shown, and what can be done with the change that one is at. */
export class ComparisonBar extends ReactWidget {
  private state: BarState;

  constructor(
    state: BarState,
    private readonly actions: BarActions,
    private readonly trans: TranslationBundle,
    private readonly locale: string | undefined
  ) {
    super();
    this.state = state;
    this.addClass('jp-SpecCompare-bar');
  }

  get shown(): BarState {
    return this.state;
  }

  display(changes: Partial<BarState>): void {
    this.state = { ...this.state, ...changes };
    this.update();
  }

  protected override render(): JSX.Element {
    const { state, actions, trans, locale } = this;
    return (
      <>
        <div className="jp-SpecCompare-line" role="toolbar" aria-label={trans.__('Comparison')}>
          <h2 className="jp-SpecCompare-title">
            <span>{state.olderName}</span>
            <span role="img" aria-label={trans.__('compared with')}>
              →
            </span>
            <span>{state.newerName}</span>
          </h2>
          <Modes state={state} actions={actions} trans={trans} />
          {state.mode !== 'rendered' && (
            <label className="jp-SpecCompare-fold">
              <input
                type="checkbox"
                checked={state.isFolded}
                onChange={event => actions.fold(event.target.checked)}
              />
              {trans.__('Only changes')}
            </label>
          )}
          <span className="jp-SpecCompare-space" />
          {state.mayRestore && (
            <button className="jp-SpecCompare-do" onClick={() => actions.restoreVersion()}>
              {trans.__('Restore this version…')}
            </button>
          )}
          <button
            className="jp-SpecCompare-icon"
            title={trans.__('Download this comparison as HTML')}
            aria-label={trans.__('Download this comparison as HTML')}
            disabled={state.count === null}
            onClick={() => actions.download()}
          >
            <downloadIcon.react tag="span" aria-hidden="true" />
          </button>
        </div>
        {state.count !== null && <ChangeLine {...{ state, actions, trans, locale }} />}
      </>
    );
  }
}

interface PartProps {
  readonly state: BarState;
  readonly actions: BarActions;
  readonly trans: TranslationBundle;
}

function Modes({ state, actions, trans }: PartProps): JSX.Element {
  const modes = [
    { mode: 'unified', label: trans.__('In one column'), icon: unifiedIcon },
    { mode: 'beside', label: trans.__('Side by side'), icon: sideBySideIcon },
    { mode: 'rendered', label: trans.__('As it reads'), icon: previewIcon }
  ] as const;
  const shown = modeIn(state);
  return (
    <div className="jp-SpecModes">
      <div className="jp-SpecModes-group" role="group" aria-label={trans.__('How to show it')}>
        {modes
          .filter(({ mode }) => mode !== 'rendered' || state.isRenderable)
          .filter(({ mode }) => mode !== 'beside' || !state.isNarrow || state.isLong)
          .filter(({ mode }) => mode !== 'unified' || !state.isLong)
          .map(({ mode, label, icon: Icon }) => (
            <button
              key={mode}
              className="jp-SpecModes-mode"
              aria-pressed={mode === shown}
              aria-label={label}
              title={label}
              onClick={() => actions.show(mode)}
            >
              <Icon.react tag="span" aria-hidden="true" />
            </button>
          ))}
      </div>
    </div>
  );
}

function ChangeLine({
  state,
  actions,
  trans,
  locale
}: PartProps & { readonly locale: string | undefined }): JSX.Element {
  const { count, current, passage } = state;
  const changes = count ?? 0;
  if (changes === 0) {
    return (
      <p className="jp-SpecCompare-none" role="status">
        {trans.__('Both texts are the same.')}
      </p>
    );
  }
  return (
    <div
      className="jp-SpecCompare-line jp-SpecCompare-change"
      role="toolbar"
      aria-label={trans.__('Change')}
    >
      <button
        className="jp-SpecCompare-icon"
        title={trans.__('Previous change (Shift+F7)')}
        aria-label={trans.__('Previous change')}
        onClick={() => actions.go(-1)}
      >
        <previousIcon.react tag="span" aria-hidden="true" />
      </button>
      <button
        className="jp-SpecCompare-icon"
        title={trans.__('Next change (F7)')}
        aria-label={trans.__('Next change')}
        onClick={() => actions.go(1)}
      >
        <nextIcon.react tag="span" aria-hidden="true" />
      </button>
      <span className="jp-SpecCompare-count" role="status">
        {current >= 0
          ? trans.__('Change %1 of %2', current + 1, changes)
          : trans._n('%1 change', '%1 changes', changes)}
      </span>
      {passage && <Who passage={passage} trans={trans} locale={locale} />}
      <span className="jp-SpecCompare-space" />
      {passage && state.mayEdit && (
        <button className="jp-SpecCompare-do" onClick={() => actions.restorePassage(passage)}>
          <undoIcon.react tag="span" aria-hidden="true" />
          {trans.__('Restore this passage')}
        </button>
      )}
      {passage && (
        <button
          className="jp-SpecCompare-do"
          title={trans.__('Copy the older words; the newer ones where there are no older')}
          onClick={() => actions.copy(passage)}
        >
          <copyIcon.react tag="span" aria-hidden="true" />
          {trans.__('Copy')}
        </button>
      )}
    </div>
  );
}

function Who({
  passage,
  trans,
  locale
}: {
  readonly passage: Passage;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
}): JSX.Element | null {
  const told = writersOf(passage.writers, trans, locale);
  return told ? (
    <span className="jp-SpecCompare-who">
      {passage.writers.slice(0, 3).map(({ userId, userName, colour }) => (
        <Avatar key={userId} user={{ userId, userName, color: colour }} label={userName} />
      ))}
      {told}
    </span>
  ) : null;
}
