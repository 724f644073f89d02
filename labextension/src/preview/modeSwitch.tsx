import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { besideIcon, previewIcon, sourceIcon } from './icons';
import type { PreviewMode } from './mode';
import type { PreviewPlace } from './place';

/** In the toolbar: source, both, or preview. */
export class ModeSwitch extends ReactWidget {
  constructor(
    private readonly place: PreviewPlace,
    private readonly trans: TranslationBundle,
    /** The keys that go to the next one, as they are told to users; empty where there are none. */
    private readonly keys: () => string
  ) {
    super();
    this.addClass('jp-SpecModes');
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this.place.changed}>
        {() => <Modes place={this.place} trans={this.trans} keys={this.keys()} />}
      </UseSignal>
    );
  }
}

interface Props {
  readonly place: PreviewPlace;
  readonly trans: TranslationBundle;
  readonly keys: string;
}

function Modes({ place, trans, keys }: Props): JSX.Element {
  const group = React.useRef<HTMLDivElement>(null);
  const modes = [
    { mode: 'off', label: trans.__('Source'), icon: sourceIcon },
    { mode: 'beside', label: trans.__('Source and preview'), icon: besideIcon },
    { mode: 'instead', label: trans.__('Preview'), icon: previewIcon }
  ] as const;
  const offered = modes.filter(({ mode }) => mode !== 'beside' || !place.isNarrow);
  const { shown } = place;
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step) {
      event.preventDefault();
      const index = offered.findIndex(({ mode }) => mode === shown);
      const next = offered[(index + step + offered.length) % offered.length]!;
      place.choose(next.mode);
      requestAnimationFrame(() =>
        group.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus()
      );
    }
  };
  const choose = (mode: PreviewMode) => place.choose(mode);
  return (
    <div
      ref={group}
      className="jp-SpecModes-group"
      role="radiogroup"
      aria-label={trans.__('What to show')}
      onKeyDown={move}
    >
      {offered.map(({ mode, label, icon: Icon }) => (
        <button
          key={mode}
          className="jp-SpecModes-mode"
          role="radio"
          aria-checked={mode === shown}
          aria-label={label}
          title={keys ? `${label} (${keys})` : label}
          tabIndex={mode === shown ? 0 : -1}
          onClick={() => choose(mode)}
        >
          <Icon.react tag="span" aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}
