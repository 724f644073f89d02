import type { TranslationBundle } from '@jupyterlab/translation';
import { DisposableDelegate, DisposableSet } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import type { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import { mayComment } from '../protocol';
import type { SpecConnection } from '../session';
import { failureNote } from '../ui/failureNote';
import { Divider } from './divider';
import type { PreviewMemory } from './memory';
import { nextMode, type PreviewMode, shownMode } from './mode';
import type { Preview, PreviewOptions } from './preview';

export interface PreviewPlaceOptions {
  readonly connection: SpecConnection;
  readonly memory: PreviewMemory;
  readonly trans: TranslationBundle;
  /** What holds the editor. */
  readonly source: Widget;
  /** What the preview needs besides what its place knows. */
  readonly preview: Omit<PreviewOptions, 'connection' | 'trans' | 'scrollsTogether' | 'showSource'>;
  /** Puts the caret at a position of the source, and the source on the screen. */
  goToSource(position: number): void;
}

/**
 * The place of source and preview. The code of the preview is loaded when it is shown first.
 *
 * Who may not edit sees the preview, until they choose something else.
 */
export class PreviewPlace extends Panel {
  private readonly divider: Divider;
  private readonly side = new Widget();
  private readonly resources = new DisposableSet();
  private readonly changes = new Signal<this, void>(this);
  private preview: Preview | null = null;
  private isLoading = false;
  private chosen: PreviewMode;
  private width = 0;

  constructor(private readonly options: PreviewPlaceOptions) {
    super();
    const { connection, memory, trans, source } = options;
    this.addClass('jp-SpecPreviewPlace');
    this.side.addClass('jp-SpecPreviewPlace-side');
    this.chosen = memory.modeOf(connection.specId) ?? 'off';
    this.divider = new Divider({
      trans,
      share: memory.share,
      moved: share => {
        memory.share = share;
        this.node.style.setProperty('--jp-SpecPreview-share', String(share));
        this.options.preview.view.requestMeasure();
      }
    });
    this.node.style.setProperty('--jp-SpecPreview-share', String(memory.share));
    this.addWidget(source);
    this.addWidget(this.divider);
    this.addWidget(this.side);
    if (memory.modeOf(connection.specId) === null) {
      this.previewForViewer();
    }
    this.arrange();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.resources.dispose();
      this.preview?.dispose();
      Signal.clearData(this);
      super.dispose();
    }
  }

  /** What was chosen. */
  get mode(): PreviewMode {
    return this.chosen;
  }

  /** What is seen in the width that there is. */
  get shown(): PreviewMode {
    return shownMode(this.chosen, this.width);
  }

  /** What is seen, or whether both scroll together, has changed. */
  get changed(): ISignal<this, void> {
    return this.changes;
  }

  /** Whether there is no room for source and preview beside each other. */
  get isNarrow(): boolean {
    return shownMode('beside', this.width) !== 'beside';
  }

  get scrollsTogether(): boolean {
    return this.options.memory.scrollsTogether;
  }

  set scrollsTogether(isOn: boolean) {
    this.options.memory.scrollsTogether = isOn;
    this.changes.emit();
  }

  /** The user chooses what is shown. */
  choose(mode: PreviewMode): void {
    this.options.memory.setMode(this.options.connection.specId, mode);
    this.set(mode);
  }

  chooseNext(): void {
    this.choose(nextMode(this.chosen, this.width));
  }

  /** Shows a position of the editor in the preview, if it is seen. */
  showPosition(position: number): void {
    if (this.shown !== 'off') {
      this.preview?.showPosition(position);
    }
  }

  /** What of the source the preview shows on the screen, in the editor's positions; `null`: no preview is seen. */
  get onScreen(): { readonly from: number; readonly to: number } | null {
    return this.shown === 'off' ? null : (this.preview?.onScreen ?? null);
  }

  /** What of the source is selected in the preview, in the editor's positions; `null` where nothing is. */
  get selectedSource(): { readonly from: number; readonly to: number } | null {
    return this.shown === 'off' ? null : (this.preview?.selectedSource ?? null);
  }

  /** Renders anew, as with another theme. */
  refresh(): void {
    this.preview?.refresh();
  }

  /** Has the focus, of what is seen. */
  focus(): void {
    if (this.shown === 'instead') {
      this.preview?.node.focus({ preventScroll: true });
    } else {
      this.options.preview.view.focus();
    }
  }

  protected override onResize(message: Widget.ResizeMessage): void {
    super.onResize(message);
    this.width = message.width >= 0 ? message.width : this.node.offsetWidth;
    this.arrange();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.arrange();
  }

  private set(mode: PreviewMode): void {
    const before = this.shown;
    const { preview } = this;
    const hadFocus = this.node.contains(document.activeElement);
    if (before === 'instead' && preview && shownMode(mode, this.width) !== 'instead') {
      this.chosen = mode;
      this.arrange();
      preview.showPlaceInSource();
    } else {
      this.chosen = mode;
      this.arrange();
    }
    if (hadFocus && before !== this.shown) {
      this.focus();
    }
  }

  /** The role is known when the spec was joined; a text that was only restored has none. */
  private previewForViewer(): void {
    const { connection } = this.options;
    const decide = () => {
      const { role } = connection.state;
      if (role) {
        stop.dispose();
        if (!mayComment(role) && this.chosen === 'off') {
          this.set('instead');
        }
      }
    };
    const stop = new DisposableDelegate(connection.subscribe(decide));
    this.resources.add(stop);
    decide();
  }

  private arrange(): void {
    const { shown } = this;
    const wasShown = this.side.isVisible;
    this.options.source.setHidden(shown === 'instead');
    this.divider.setHidden(shown !== 'beside');
    this.side.setHidden(shown === 'off');
    if (this.node.dataset['shown'] !== shown) {
      this.node.dataset['shown'] = shown;
      this.changes.emit();
      if (shown !== 'off' && this.preview && !wasShown) {
        this.preview.showPlaceOfSource();
      }
    }
    if (shown !== 'off' && !this.preview && !this.isLoading) {
      this.isLoading = true;
      this.load().catch((error: unknown) => this.tell(error));
    }
    if (shown === 'off' && this.preview) {
      // Nothing is parsed or rendered for what nobody sees.
      this.preview.dispose();
      this.preview = null;
    }
  }

  private async load(): Promise<void> {
    const { connection, preview, trans, goToSource } = this.options;
    try {
      const { Preview } = await import('./preview');
      if (this.isDisposed || this.shown === 'off') {
        return;
      }
      this.preview = new Preview({
        ...preview,
        connection,
        trans,
        scrollsTogether: () => this.shown === 'beside' && this.scrollsTogether,
        showSource: position => {
          if (this.shown === 'instead') {
            this.choose(this.isNarrow ? 'off' : 'beside');
          }
          goToSource(position);
        }
      });
      this.side.node.replaceChildren(this.preview.node);
      this.preview.showPlaceOfSource();
    } finally {
      this.isLoading = false;
    }
  }

  private tell(error: unknown): void {
    const { trans } = this.options;
    const failed = trans.__('The preview can’t be shown.');
    this.side.node.replaceChildren(failureNote(error, failed, trans, () => this.arrange()));
  }
}
