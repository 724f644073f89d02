import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { initialsOf } from '../../editor/initials';
import { textOn } from '../../editor/colours';
import type { KnownPeople } from '../knownPeople';
import {
  pauseIcon,
  playIcon,
  sittingBackIcon,
  sittingOnIcon,
  stepBackIcon,
  stepOnIcon
} from './icons';
import { type Speed, SPEEDS } from './player';
import type { Versions } from './versions';

interface ControlsProps {
  readonly versions: Versions;
  readonly trans: TranslationBundle;
}

/** Play, pause, one version or one sitting on or back, and how fast the film runs. */
export function Controls({ versions, trans }: ControlsProps): JSX.Element {
  const { player, state } = versions;
  const { first, last, position } = state;
  const buttons = [
    {
      key: 'sitting-back',
      label: trans.__('Sitting before (Page Down)'),
      icon: sittingBackIcon,
      isOff: position <= first,
      run: () => versions.seekSitting(-1)
    },
    {
      key: 'back',
      label: trans.__('Version before (←)'),
      icon: stepBackIcon,
      isOff: position <= first,
      run: () => versions.seek(position - 1)
    },
    {
      key: 'play',
      label: player.isPlaying ? trans.__('Pause (Space)') : trans.__('Play (Space)'),
      icon: player.isPlaying ? pauseIcon : playIcon,
      isOff: first >= last,
      run: () => player.toggle()
    },
    {
      key: 'on',
      label: trans.__('Next version (→)'),
      icon: stepOnIcon,
      isOff: position >= last,
      run: () => versions.seek(position + 1)
    },
    {
      key: 'sitting-on',
      label: trans.__('Next sitting (Page Up)'),
      icon: sittingOnIcon,
      isOff: position >= last,
      run: () => versions.seekSitting(1)
    }
  ];
  const press = (key: string, run: () => void) => {
    if (key !== 'play') {
      player.pause();
    }
    run();
  };
  const speeds: Readonly<Record<Speed, string>> = {
    letters: trans.__('Letter by letter'),
    quick: trans.__('Quick'),
    fast: trans.__('Fast'),
    whole: trans.__('All in half a minute')
  };
  return (
    <div className="jp-SpecVersions-controls" role="toolbar" aria-label={trans.__('Film')}>
      {buttons.map(({ key, label, icon: Icon, isOff, run }) => (
        <button
          key={key}
          className="jp-SpecVersions-button"
          data-key={key}
          title={label}
          aria-label={label}
          // A button that is off keeps the focus, so that the keyboard stays where it is.
          aria-disabled={isOff}
          onClick={() => isOff || press(key, run)}
        >
          <Icon.react tag="span" aria-hidden="true" />
        </button>
      ))}
      <select
        className="jp-SpecVersions-speed"
        aria-label={trans.__('Speed')}
        value={player.speed}
        onChange={event => {
          player.speed = event.currentTarget.value as Speed;
        }}
      >
        {SPEEDS.map(speed => (
          <option key={speed} value={speed}>
            {speeds[speed]}
          </option>
        ))}
      </select>
    </div>
  );
}

interface WhoProps {
  readonly versions: Versions;
  readonly people: KnownPeople;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
  /** When the version that is shown was made. */
  readonly when: string;
}

/** Which version is shown, who made it, and when. */
export function Who({ versions, people, trans, locale, when }: WhoProps): JSX.Element {
  const { position, last, step } = versions.state;
  const number = new Intl.NumberFormat(locale);
  const name = step && people.nameOf(step.userId);
  const colour = step && people.colourOf(step.userId);
  return (
    <div className="jp-SpecVersions-who">
      {step && colour && (
        <span
          className="jp-Spec-avatar"
          style={{ backgroundColor: colour, color: textOn(colour) }}
          aria-hidden="true"
        >
          {initialsOf(name ?? '')}
        </span>
      )}
      <span className="jp-SpecVersions-name">{name}</span>
      <span className="jp-SpecVersions-when">{when}</span>
      <span className="jp-SpecVersions-number">
        {trans.__('Version %1 of %2', number.format(position), number.format(last))}
      </span>
    </div>
  );
}
