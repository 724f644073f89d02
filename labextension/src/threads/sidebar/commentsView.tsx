import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { mayComment } from '../../protocol';
import { errorSentence } from '../../ui/errorSentence';
import { sent } from '../attempts';
import { NewThread } from '../card/newThread';
import { Refusals } from '../card/refusals';
import type { Composing } from '../composing';
import type { ThreadContext } from '../threadContext';
import { shortened } from '../words';
import { EmptyList } from './emptyList';
import { FilterBar } from './filterBar';
import { countsOf, filtered, filterFor, type ThreadFilter } from './filters';
import { SuggestersBar } from './suggestersBar';
import { ThreadList } from './threadList';

/** A spec whose comments are listed. */
export interface ListedSpec {
  readonly context: ThreadContext;
  readonly composing: Composing;
}

export interface CommentsViewOptions {
  readonly trans: TranslationBundle;
  showSpecs(): void;
  /** Comments on what is selected in the text. */
  comment(): void;
}

/** The comments and suggestions of a spec, in the right sidebar. */
export class CommentsView extends ReactWidget {
  private spec: ListedSpec | null = null;
  private filter: ThreadFilter = 'open';
  private isLoading = false;
  private stops: (() => void)[] = [];
  private frame = 0;

  constructor(private readonly options: CommentsViewOptions) {
    super();
    this.addClass('jp-Threads');
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.display(null);
      super.dispose();
    }
  }

  /** Lists the comments of this spec; `null` for none. */
  display(spec: ListedSpec | null): void {
    this.stops.forEach(stop => stop());
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.spec = spec;
    this.filter = 'open';
    this.isLoading = false;
    this.stops = spec
      ? [
          spec.context.threads.changed.add(what => what === 'threads' && this.drawSoon()),
          spec.context.threads.selectedChanged.add(() => this.showSelected()),
          spec.composing.changed.add(() => this.update())
        ]
      : [];
    this.showSelected();
  }

  /** Chooses which threads are listed. */
  choose(filter: ThreadFilter): void {
    this.filter = filter;
    const threads = this.spec?.context.threads;
    if (filter === 'resolved' && threads?.hasMoreClosed) {
      this.loadClosed();
    }
    this.update();
  }

  /** Gives the focus to the card of the selected thread, or to the first one. */
  focusList(): void {
    const { node } = this;
    const card =
      node.querySelector<HTMLElement>('.jp-Thread.jp-mod-current') ??
      node.querySelector<HTMLElement>('.jp-Thread, button');
    card?.focus();
  }

  protected override render(): JSX.Element {
    const { spec, filter } = this;
    const { trans, showSpecs, comment } = this.options;
    if (!spec) {
      return (
        <div className="jp-Threads-empty">
          <p>{trans.__('Open a spec to see what people say about its text.')}</p>
          <button className="jp-mod-styled" onClick={showSpecs}>
            {trans.__('Show specs')}
          </button>
        </div>
      );
    }
    const { context, composing } = spec;
    const { threads } = context;
    const listed = filtered(threads.all, filter, threads.me);
    const hasMore = filter === 'resolved' && threads.hasMoreClosed;
    return (
      <>
        <FilterBar
          filter={filter}
          counts={countsOf(threads.all, threads.me)}
          trans={trans}
          choose={chosen => this.choose(chosen)}
        />
        <NewThread
          key={composing.current ? `${composing.current.start}` : ''}
          context={context}
          composing={composing}
          mayComment={mayComment(threads.role)}
        />
        <Kept context={context} composing={composing} />
        <Refusals
          context={context}
          refused={threads.refused.filter(({ threadId }) => !threads.find(threadId))}
        />
        {filter === 'open' && mayAccept(threads.role) && <SuggestersBar context={context} />}
        <Trouble context={context} />
        {listed.length > 0 || hasMore ? (
          <ThreadList
            context={context}
            listed={listed}
            hasMore={hasMore}
            isLoading={this.isLoading}
            more={() => this.loadClosed()}
          />
        ) : threads.isReady ? (
          <EmptyList
            filter={filter}
            mayComment={mayComment(threads.role)}
            trans={trans}
            comment={comment}
            showOpen={() => this.choose('open')}
          />
        ) : (
          !threads.error && (
            <p className="jp-Threads-empty" role="status">
              {trans.__('Loading…')}
            </p>
          )
        )}
      </>
    );
  }

  /** Once a frame at most. */
  private drawSoon(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.update();
    });
  }

  /** The selected thread has to be among those that are listed. */
  private showSelected(): void {
    const threads = this.spec?.context.threads;
    const selected = threads?.selected ? threads.find(threads.selected) : null;
    if (threads && selected) {
      this.filter = filterFor(selected, this.filter, threads.me);
    }
    this.update();
  }

  private loadClosed(): void {
    const { spec } = this;
    if (spec && !this.isLoading) {
      this.isLoading = true;
      this.update();
      const done = () => {
        this.isLoading = false;
        this.update();
      };
      sent(spec.context.threads.loadClosed().finally(done));
    }
  }
}

function mayAccept(role: ThreadContext['threads']['role']): boolean {
  return role === 'contributor' || role === 'admin' || role === 'owner';
}

/** What was begun and left, with the way to go on. */
function Kept({ context, composing }: ListedSpec): JSX.Element | null {
  const { trans } = context;
  const { kept } = composing;
  if (!kept) {
    return null;
  }
  return (
    <div className="jp-Threads-kept" role="group" aria-label={trans.__('Draft')}>
      <p>
        {kept.quote
          ? trans.__('You have begun to write about “%1”.', shortened(kept.quote))
          : trans.__('You have begun to suggest something.')}
      </p>
      <button className="jp-mod-styled jp-mod-minimal" onClick={() => composing.discard()}>
        {trans.__('Discard')}
      </button>
      <button className="jp-mod-styled" onClick={() => composing.resume()}>
        {trans.__('Go on')}
      </button>
    </div>
  );
}

/** Why not all comments are known. */
function Trouble({ context }: Pick<ListedSpec, 'context'>): JSX.Element | null {
  const { threads, trans } = context;
  return (
    threads.error && (
      <div className="jp-Threads-error" role="alert">
        <p>{errorSentence(threads.error, trans.__('The comments could not be loaded.'), trans)}</p>
        <button className="jp-mod-styled" onClick={() => threads.retryLoading()}>
          {trans.__('Try again')}
        </button>
      </div>
    )
  );
}
