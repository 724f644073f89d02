import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import { mayComment, mayEdit } from '../../protocol';
import { asSpecError, type SpecError } from '../../server/error';
import { CommandIDs } from '../../ui/commandIds';
import { errorSentence } from '../../ui/errorSentence';
import { NewThread } from '../card/newThread';
import { Refusals } from '../card/refusals';
import type { Composing } from '../composing';
import { keepFocus } from '../keptFocus';
import type { ShownThread } from '../specThreads';
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

/** Milliseconds after which the list follows what is typed in the text. */
const REST = 300;

/** The order of threads, and whose words are gone. */
function orderOf(all: readonly ShownThread[]): string {
  return all.map(({ thread, isOrphaned }) => `${thread.threadId}${isOrphaned ? '-' : '+'}`).join();
}

/** The comments and suggestions of a spec, in the right sidebar. */
export class CommentsView extends ReactWidget {
  private spec: ListedSpec | null = null;
  private filter: ThreadFilter = 'open';
  private isLoading = false;
  /** Why closed threads could not be loaded. */
  private failure: SpecError | null = null;
  private stops: (() => void)[] = [];
  private frame = 0;
  private timer = 0;
  /** What the list showed of {@link orderOf}. */
  private order = '';
  /** The card that has the focus while another one was selected, to which the focus is to go. */
  private left: Element | null = null;
  /** What had the focus when the list was to have it; `null` where it has it, or is not to. */
  private before: Element | null = null;
  private readonly stopKeeping: () => void;

  constructor(private readonly options: CommentsViewOptions) {
    super();
    this.addClass('jp-Threads');
    this.stopKeeping = keepFocus(this.node, () => this.focusList());
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.stopKeeping();
      this.display(null);
      super.dispose();
    }
  }

  /** Lists the comments of this spec; `null` for none. */
  display(spec: ListedSpec | null): void {
    this.stops.forEach(stop => stop());
    cancelAnimationFrame(this.frame);
    window.clearTimeout(this.timer);
    this.frame = this.timer = 0;
    this.spec = spec;
    this.filter = 'open';
    this.isLoading = false;
    this.failure = null;
    this.stops = spec
      ? [
          spec.context.threads.changed.add(what =>
            what === 'threads' ? this.drawSoon() : this.lookLater()
          ),
          spec.context.threads.selectedChanged.add(() => this.selected()),
          spec.composing.changed.add(() => this.update())
        ]
      : [];
    this.showSelected();
  }

  /** Chooses which threads are listed. */
  choose(filter: ThreadFilter): void {
    this.filter = filter;
    const threads = this.spec?.context.threads;
    const isEmpty = threads?.all.every(({ thread }) => thread.state === 'open') ?? false;
    if (filter === 'resolved' && isEmpty && threads?.hasMoreClosed) {
      this.loadClosed();
    }
    this.update();
  }

  /** Gives the focus to what is written anew, to the card of the selected thread, or to the first one. */
  focusList(): void {
    const { node } = this;
    const card =
      node.querySelector<HTMLElement>('.jp-Thread.jp-mod-new textarea') ??
      node.querySelector<HTMLElement>('.jp-Thread.jp-mod-current') ??
      node.querySelector<HTMLElement>('.jp-Thread') ??
      node.querySelector<HTMLElement>('button');
    card?.focus();
  }

  /** To the list, once what it shows is in the page; a field that is written in has the focus already. */
  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.before = document.activeElement;
    this.update();
  }

  protected override render(): JSX.Element {
    const { spec, filter } = this;
    const { trans, showSpecs } = this.options;
    if (!spec) {
      return (
        <div className="jp-Threads-empty">
          <p>{trans.__('Open a spec to see what people say about its text.')}</p>
          <button className="jp-mod-styled" onClick={showSpecs}>
            {trans.__('Show specs')}
          </button>
          <Drawn done={() => this.drawn()} />
        </div>
      );
    }
    const { context, composing } = spec;
    const { threads } = context;
    this.order = orderOf(threads.all);
    return (
      <>
        <FilterBar
          filter={filter}
          counts={countsOf(threads.all, threads.me)}
          trans={trans}
          choose={chosen => this.choose(chosen)}
        />
        <NewThread context={context} composing={composing} mayComment={mayComment(threads.role)} />
        <Kept context={context} composing={composing} />
        <Refusals
          context={context}
          refused={threads.refused.filter(({ threadId }) => !threads.find(threadId))}
        />
        {filter === 'open' && mayEdit(threads.role) && <SuggestersBar context={context} />}
        {this.list(context)}
        <Drawn done={() => this.drawn()} />
      </>
    );
  }

  private list(context: ThreadContext): JSX.Element {
    const { filter } = this;
    const { trans, comment } = this.options;
    const { threads } = context;
    const listed = filtered(threads.all, filter, threads.me);
    const error = threads.error ?? (filter === 'resolved' ? this.failure : null);
    const hasMore = filter === 'resolved' && threads.hasMoreClosed && !error;
    const retry = () => (threads.error ? threads.retryLoading() : this.loadClosed());
    const trouble = error && <Trouble error={error} trans={trans} retry={retry} />;
    if (listed.length > 0 || hasMore) {
      return (
        <>
          {trouble}
          <ThreadList
            context={context}
            listed={listed}
            hasMore={hasMore}
            isLoading={this.isLoading}
            more={() => this.loadClosed()}
          />
        </>
      );
    }
    if (trouble) {
      return trouble;
    }
    return threads.isReady ? (
      <EmptyList
        filter={filter}
        mayComment={mayComment(threads.role)}
        keys={context.keysOf(CommandIDs.comment)}
        trans={trans}
        comment={comment}
        showOpen={() => this.choose('open')}
      />
    ) : (
      <p className="jp-Threads-empty" role="status">
        {trans.__('Loading…')}
      </p>
    );
  }

  /** Words may have gone or come back while people typed, or stand in another order. */
  private lookLater(): void {
    this.timer ||= window.setTimeout(() => {
      this.timer = 0;
      const all = this.spec?.context.threads.all ?? [];
      if (orderOf(all) !== this.order) {
        this.update();
      }
    }, REST);
  }

  /** Once a frame at most. */
  private drawSoon(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.update();
    });
  }

  /** What is to be shown is in the page. */
  private drawn(): void {
    const { before } = this;
    this.before = null;
    if (before && before === document.activeElement && !this.node.contains(before)) {
      this.focusList();
    }
    this.follow();
  }

  /** Another thread is selected, or none: from another card the focus goes to that of the selected one. */
  private selected(): void {
    const card = document.activeElement?.closest<HTMLElement>('article.jp-Thread') ?? null;
    const selected = this.spec?.context.threads.selected ?? null;
    const isOther = selected !== null && card?.dataset['specThread'] !== selected;
    this.left = isOther && this.node.contains(card) ? card : null;
    this.showSelected();
  }

  /** The focus goes on to the selected card, once that is in the page, unless the user has gone elsewhere meanwhile. */
  private follow(): void {
    const { left } = this;
    const next = this.node.querySelector<HTMLElement>('article.jp-Thread.jp-mod-current');
    const selected = this.spec?.context.threads.selected;
    if (left && next && next.dataset['specThread'] === selected) {
      this.left = null;
      const { activeElement: active, body } = document;
      if (active === body || left.contains(active) || !left.isConnected) {
        next.focus({ preventScroll: true }); // the list has scrolled to it
      }
    }
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
      this.failure = null;
      this.update();
      const done = (failure: SpecError | null) => {
        if (spec === this.spec) {
          this.isLoading = false;
          this.failure = failure;
          this.update();
        }
      };
      spec.context.threads.loadClosed().then(
        () => done(null),
        (error: unknown) => done(asSpecError(error))
      );
    }
  }
}

/** Tells each time that what is around it was drawn. */
function Drawn({ done }: { done(): void }): null {
  React.useEffect(done);
  return null;
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

interface TroubleProps {
  readonly error: SpecError;
  readonly trans: TranslationBundle;
  retry(): void;
}

/** Why not all comments are known. */
function Trouble({ error, trans, retry }: TroubleProps): JSX.Element {
  return (
    <div className="jp-Threads-error" role="alert">
      <p>{errorSentence(error, trans.__('The comments could not be loaded.'), trans)}</p>
      <button className="jp-mod-styled" onClick={retry}>
        {trans.__('Try again')}
      </button>
    </div>
  );
}
