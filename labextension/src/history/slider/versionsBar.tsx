import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { browserEnvironment } from '../../runtime';
import { errorSentence } from '../../ui/errorSentence';
import type { KnownPeople } from '../knownPeople';
import { momentName } from '../times';
import { Controls, Who } from './controls';
import { Drag } from './drag';
import { Timeline } from './timeline';
import type { Versions } from './versions';

export interface VersionsBarOptions {
  readonly versions: Versions;
  readonly people: KnownPeople;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
}

/** The slider below the text, with the film's buttons and what is shown in words. */
export class VersionsBar extends ReactWidget {
  private readonly drag: Drag;
  private readonly stop: readonly (() => void)[];
  private wantsFocus = false;

  constructor(private readonly options: VersionsBarOptions) {
    super();
    const { versions } = options;
    this.addClass('jp-SpecVersions-bar');
    this.drag = new Drag({
      clock: browserEnvironment,
      seek: version => versions.seek(version),
      nearestEnd: version => versions.marks.nearestEnd(version)
    });
    const update = () => this.update();
    this.stop = [versions.marks.changed.add(update), versions.player.changed.add(update)];
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.stop.forEach(stop => stop());
      super.dispose();
    }
  }

  /** Puts the focus on the slider, as soon as it is there. */
  focus(): void {
    const slider = this.node.querySelector<HTMLElement>('.jp-SpecTimeline-slider');
    this.wantsFocus = slider === null;
    slider?.focus();
  }

  /** Drawn within the event that seeks a version: else the slider would go back for a moment, and lose quick keys. */
  protected override render(): JSX.Element {
    return <UseSignal signal={this.options.versions.changed}>{() => this.content()}</UseSignal>;
  }

  private content(): JSX.Element {
    const { versions, people, trans, locale } = this.options;
    const { isOpen, error, step } = versions.state;
    if (error) {
      return (
        <div className="jp-SpecVersions-error" role="alert">
          <span>{errorSentence(error, trans.__('This version could not be shown.'), trans)}</span>
          <button className="jp-mod-styled jp-mod-minimal" onClick={() => versions.retry()}>
            {trans.__('Try again')}
          </button>
        </div>
      );
    }
    if (!isOpen) {
      return <div className="jp-SpecVersions-loading">{trans.__('Loading the history…')}</div>;
    }
    const when = step ? momentName(1000 * step.time, Date.now(), locale) : '';
    return (
      <>
        <Timeline
          versions={versions}
          drag={this.drag}
          people={people}
          trans={trans}
          told={this.told(when)}
          shown={() => this.wantsFocus && this.focus()}
        />
        <div className="jp-SpecVersions-row">
          <Controls versions={versions} trans={trans} />
          <Who versions={versions} people={people} trans={trans} locale={locale} when={when} />
        </div>
      </>
    );
  }

  /** What the slider stands at, for screen readers. */
  private told(when: string): string {
    const { versions, people, trans } = this.options;
    const { position, last, step } = versions.state;
    const label = versions.marks.flags.find(({ version }) => version === position)?.label;
    const number = trans.__('Version %1 of %2', String(position), String(last));
    const who = step ? [people.nameOf(step.userId), when] : [];
    return [label, number, ...who].filter(Boolean).join(', ');
  }
}
