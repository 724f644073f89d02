import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Sitting } from '../../server/history';
import { flagIcon } from '../icons';
import type { KnownPeople } from '../knownPeople';
import type { Drag } from './drag';
import type { Flag } from './sittingMarks';
import type { Versions } from './versions';

/** The least part of the width that a mark of sittings takes; narrower neighbours share one. */
const NARROWEST = 1 / 300;
/** The least part of the width between two flags. */
const APART = 1 / 60;
/** The least part of the width in which a label can be read. */
const READABLE = 1 / 9;

interface Props {
  readonly versions: Versions;
  readonly drag: Drag;
  readonly people: KnownPeople;
  readonly trans: TranslationBundle;
  /** What the slider stands at, in words. */
  readonly told: string;
  /** The slider is in the page. */
  shown(): void;
}

/** The slider: all versions from left to right, with the sittings as marks and the labels as flags above them. */
export function Timeline({ versions, drag, people, trans, told, shown }: Props): JSX.Element {
  const input = React.useRef<HTMLInputElement>(null);
  React.useEffect(shown, []);
  const { first, last, position } = versions.state;
  const length = Math.max(1, last - first);
  const sittings = versions.marks.all;
  const share = (version: number) => Math.min(1, Math.max(0, (version - first) / length));
  const [held, setHeld] = React.useState<number | null>(null);
  const letGo = () => {
    drag.end();
    setHeld(null);
  };
  const move = () => {
    const { value, offsetWidth } = input.current!;
    versions.player.pause();
    if (held === null) {
      versions.seek(Number(value));
    } else {
      setHeld(Number(value));
      drag.move(Number(value), length / Math.max(1, offsetWidth));
    }
  };
  const press = (event: React.KeyboardEvent) => {
    const keys: Readonly<Record<string, () => void>> = {
      PageUp: () => versions.seekSitting(1),
      PageDown: () => versions.seekSitting(-1),
      ' ': () => versions.player.toggle()
    };
    const run = keys[event.key];
    if (run && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (event.key !== ' ') {
        versions.player.pause();
      }
      run();
    }
  };
  return (
    <div className="jp-SpecTimeline">
      <Flags versions={versions} share={share} trans={trans} />
      <Marks
        sittings={sittings}
        first={first}
        length={length}
        people={people}
        revision={people.revision}
      />
      <input
        ref={input}
        className="jp-SpecTimeline-slider"
        type="range"
        min={first}
        max={last}
        step={1}
        value={held ?? position}
        aria-label={trans.__('Version')}
        aria-valuetext={told}
        onChange={move}
        onKeyDown={press}
        onPointerDown={() => setHeld(position)}
        onPointerUp={letGo}
        onPointerCancel={letGo}
      />
    </div>
  );
}

/** Sittings that follow each other, in the colour of who wrote most in them. */
interface Mark {
  from: number;
  to: number;
  readonly operations: Map<string, number>;
}

/** The marks of sittings as shares of the width. */
export function marksOf(sittings: readonly Sitting[], first: number, length: number): Mark[] {
  const marks: Mark[] = [];
  for (const { fromVersion, toVersion, people } of sittings) {
    const last = marks.at(-1);
    const isNarrow = last !== undefined && (last.to - last.from) / length < NARROWEST;
    const mark =
      last && isNarrow
        ? last
        : { from: Math.max(first, fromVersion), to: 0, operations: new Map() };
    mark.to = toVersion;
    for (const { userId, operations } of people) {
      mark.operations.set(userId, (mark.operations.get(userId) ?? 0) + operations);
    }
    if (mark !== last) {
      marks.push(mark);
    }
  }
  return marks;
}

interface MarksProps {
  readonly sittings: readonly Sitting[];
  readonly first: number;
  readonly length: number;
  readonly people: KnownPeople;
  /** Of what is known of the people. */
  readonly revision: number;
}

/** Drawn anew only when there are other sittings, and not at each position of the hand. */
const Marks = React.memo(function Marks({ sittings, first, length, people }: MarksProps) {
  return (
    <svg
      className="jp-SpecTimeline-marks"
      viewBox="0 0 1000 10"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {marksOf(sittings, first, length).map(({ from, to, operations }) => {
        const [writer] = [...operations].sort((one, other) => other[1] - one[1]);
        return (
          <rect
            key={from}
            x={(1000 * (from - first)) / length}
            width={(1000 * (to - from)) / length}
            y={0}
            height={10}
            style={writer && { fill: people.colourOf(writer[0]) }}
          />
        );
      })}
    </svg>
  );
});

/** The flags that stand far enough from each other, and whether their labels can be read beside them. */
export function flagsOf(
  flags: readonly Flag[],
  share: (version: number) => number
): (Flag & { readonly at: number; readonly isReadable: boolean })[] {
  const apart: (Flag & { at: number })[] = [];
  // The later of two neighbours stays: the last labels matter most.
  for (const flag of [...flags].reverse()) {
    const at = share(flag.version);
    if ((apart[0]?.at ?? Infinity) - at >= APART) {
      apart.unshift({ ...flag, at });
    }
  }
  return apart.map((flag, index) => ({
    ...flag,
    isReadable: (apart[index + 1]?.at ?? 1) - flag.at >= READABLE
  }));
}

interface FlagsProps {
  readonly versions: Versions;
  readonly share: (version: number) => number;
  readonly trans: TranslationBundle;
}

function Flags({ versions, share, trans }: FlagsProps): JSX.Element {
  const { position } = versions.state;
  const go = (version: number) => {
    versions.player.pause();
    versions.seek(version);
  };
  return (
    <div className="jp-SpecTimeline-flags" role="group" aria-label={trans.__('Labels')}>
      {flagsOf(versions.marks.flags, share).map(({ version, label, at, isReadable }) => (
        <button
          key={version}
          className="jp-SpecTimeline-flag"
          style={{ '--speccollab-at': at } as React.CSSProperties}
          title={label}
          aria-label={label}
          aria-current={version === position}
          onClick={() => go(version)}
        >
          <flagIcon.react tag="span" aria-hidden="true" />
          {isReadable && <span className="jp-SpecTimeline-label">{label}</span>}
        </button>
      ))}
    </div>
  );
}
