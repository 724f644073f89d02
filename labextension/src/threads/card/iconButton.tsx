import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

export interface IconButtonProps {
  readonly icon: LabIcon;
  /** What a screen reader says, and the tooltip. */
  readonly label: string;
  /** What the button shows beside its icon. */
  readonly text?: string;
  /** Whether it does nothing now. It keeps the focus nevertheless. */
  readonly isDisabled?: boolean;
  run(): void;
}

/** A small button with an icon. */
export function IconButton({ icon, label, text, isDisabled, run }: IconButtonProps): JSX.Element {
  return (
    <button
      className={`jp-ThreadButton${text ? ' jp-mod-text' : ''}`}
      title={label}
      aria-label={label}
      aria-disabled={isDisabled || undefined}
      onClick={() => {
        if (!isDisabled) {
          run();
        }
      }}
    >
      <icon.react tag="span" aria-hidden="true" />
      {text}
    </button>
  );
}
