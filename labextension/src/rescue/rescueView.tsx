import type { Message } from '@lumino/messaging';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { Rescues } from '../keeping';
import { RescueCard, type RescueActions } from './rescueCard';

export interface RescueViewOptions {
  readonly rescues: Rescues;
  readonly actions: RescueActions;
  readonly trans: TranslationBundle;
  /** A BCP 47 tag. */
  readonly locale: string;
}

/** All edits in this browser that could not be sent. */
export class RescueView extends ReactWidget {
  constructor(private readonly options: RescueViewOptions) {
    super();
    this.addClass('jp-RescueView');
  }

  protected override render(): JSX.Element {
    return <Rescued {...this.options} />;
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.options.rescues.refresh();
  }
}

function Rescued({ rescues, actions, trans, locale }: RescueViewOptions): JSX.Element {
  const list = React.useSyncExternalStore(
    listener => rescues.subscribe(listener),
    () => rescues.list
  );
  return (
    <>
      <h1>{trans.__('Rescued edits')}</h1>
      <p>
        {list.length
          ? trans.__(
              'These edits could not be sent. They stay in this browser until you discard them.'
            )
          : trans.__('There are none: everything that was typed in this browser was sent.')}
      </p>
      {list.map(rescue => (
        <RescueCard
          key={rescue.kept.owner}
          rescue={rescue}
          actions={actions}
          trans={trans}
          locale={locale}
        />
      ))}
    </>
  );
}
