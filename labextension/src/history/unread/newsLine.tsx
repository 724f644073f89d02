import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretUpIcon, checkIcon, ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { newsDetails, newsSentence } from './sentences';
import type { Reader } from './reader';

export interface NewsLineOptions {
  readonly reader: Reader;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
  /** Shows what changed, beside the text as it was; `null` where nothing can show that. */
  compare(): (() => void) | null;
  /** The keys for the next and the previous change, as they are read; empty if there are none. */
  keys(): readonly [next: string, previous: string];
}

/** In the line above the text: what others changed since the last visit, and the way to it. */
export class NewsLine extends ReactWidget {
  constructor(private readonly options: NewsLineOptions) {
    super();
    this.addClass('jp-SpecNews');
    const renew = () => this.update();
    const stop = options.reader.subscribe(renew);
    this.disposed.connect(stop);
  }

  protected override render(): JSX.Element {
    const { reader, trans, locale } = this.options;
    const { news } = reader;
    return (
      <>
        <span className="jp-Spec-heard" role="status">
          {news ? newsSentence(news, Date.now(), trans, locale) : ''}
          {reader.place ? ` ${reader.place}` : ''}
        </span>
        {news && this.line()}
      </>
    );
  }

  private line(): JSX.Element {
    const { reader, trans, locale, compare, keys } = this.options;
    const news = reader.news!;
    const sentence = newsSentence(news, Date.now(), trans, locale);
    const show = compare();
    const [next, previous] = keys();
    const step = (label: string, key: string, Icon: typeof caretUpIcon, go: () => void) => (
      <button
        className="jp-SpecNews-step"
        aria-label={label}
        title={key ? `${label} (${key})` : label}
        onClick={go}
      >
        <Icon.react tag="span" aria-hidden="true" />
      </button>
    );
    return (
      <div className="jp-SpecNews-line" role="group" aria-label={trans.__('New to you')}>
        <span className="jp-SpecNews-dot" aria-hidden="true" />
        <span className="jp-SpecNews-text" title={`${sentence}\n${newsDetails(news, trans)}`}>
          {sentence}
        </span>
        {reader.hasPlaces && (
          <>
            {step(trans.__('Previous change'), previous, caretUpIcon, () => reader.go(-1))}
            {step(trans.__('Next change'), next, caretDownIcon, () => reader.go(1))}
          </>
        )}
        {show && (
          <button className="jp-SpecNews-show" onClick={show}>
            {trans.__('Show changes')}
          </button>
        )}
        <button
          className="jp-SpecNews-step"
          aria-label={trans.__('Mark all as read')}
          title={trans.__('Mark all as read')}
          onClick={() => reader.markAll()}
        >
          <checkIcon.react tag="span" aria-hidden="true" />
        </button>
      </div>
    );
  }
}
