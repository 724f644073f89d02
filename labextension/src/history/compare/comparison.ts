import type { Extension } from '@codemirror/state';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import { fileNameOf } from '../../markdown/fileName';
import type { PictureAddresses } from '../../preview/pictures';
import { asSpecError } from '../../server/error';
import { allows } from '../../server/roles';
import { errorSentence } from '../../ui/errorSentence';
import { inBackground, logged, told, unawaited } from '../../ui/failure';
import { download } from '../../ui/files';
import type { Written } from './authorMarks';
import { ComparisonBar } from './bar';
import type { Compared } from './compared';
import { type CompareMemory, type CompareMode, modeIn } from './memory';
import { nameOf, namesOfBoth, toldOf } from './names';
import { copyWords, tellRestored } from './notes';
import { type Difference, differencesIn, takenBack } from './passage';
import type { Passage } from './passages';
import type { Sight } from './sight';

/** Milliseconds between two times at which the newer text follows the live one; longer where it is long. */
const FOLLOW = 120;
const FOLLOW_LONG = 900;
const LONG = 400_000;
/** Of a piece of more letters than these that went, one column would hold all at once: two columns show it in parts. */
const LONG_PIECE = 60_000;
/** Pixels of width below which there is no room for two columns. */
const NARROW = 560;

export interface ComparisonOptions {
  readonly compared: Compared;
  readonly memory: CompareMemory;
  readonly trans: TranslationBundle;
  readonly locale: string | undefined;
  readonly rendermime: IRenderMimeRegistry | null;
  readonly pictures: PictureAddresses;
  /** JupyterLab's theme and language, for a text of so many letters. */
  extensions(length: number): Promise<Extension>;
  titleOf(): Promise<string>;
  restoreVersion(version: number, name: string): void;
  /** It is known what to call the two texts. */
  named(olderName: string, newerName: string): void;
}

/** Two texts of a spec, compared in the main area. */
export class Comparison extends Panel {
  private readonly bar: ComparisonBar;
  private readonly place = new Widget();
  private sight: Sight | null = null;
  private followTimer = 0;
  private frame = 0;
  private ends: (() => void)[] = [];
  /** Counts what is being built, so that what was asked for last is shown. */
  private builds = 0;
  private isNarrow = false;

  constructor(private readonly options: ComparisonOptions) {
    super();
    const { compared, memory, rendermime, trans, locale } = options;
    this.addClass('jp-SpecCompare');
    this.place.addClass('jp-SpecCompare-place');
    this.bar = new ComparisonBar(
      {
        olderName: '…',
        newerName: compared.isLive ? trans.__('Now') : '…',
        mode: memory.mode === 'rendered' && !rendermime ? 'unified' : memory.mode,
        isRenderable: rendermime !== null,
        isNarrow: false,
        isLong: false,
        isFolded: true,
        count: null,
        current: -1,
        passage: null,
        mayEdit: false,
        mayRestore: false
      },
      {
        show: mode => this.showAs(mode),
        fold: isFolded => {
          this.bar.display({ isFolded });
          this.build();
        },
        go: step => this.go(step),
        restorePassage: passage => this.restore(passage),
        copy: passage => copyWords(passage, trans),
        restoreVersion: () => this.restoreVersion(),
        download: () =>
          unawaited(this.download(), trans.__('The comparison could not be downloaded.'), trans)
      },
      trans,
      locale
    );
    this.addWidget(this.bar);
    this.addWidget(this.place);
    this.load();
  }

  get compared(): Compared {
    return this.options.compared;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      window.clearTimeout(this.followTimer);
      cancelAnimationFrame(this.frame);
      this.ends.forEach(end => end());
      this.sight?.destroy();
      this.compared.dispose();
      super.dispose();
    }
  }

  /** Goes to the next change, or to the one before. */
  go(step: 1 | -1): void {
    this.sight?.go(step);
    this.schedule();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    if (this.sight) {
      this.sight.focus();
    } else {
      this.bar.node.querySelector<HTMLElement>('button')?.focus();
    }
  }

  protected override onResize(message: Widget.ResizeMessage): void {
    super.onResize(message);
    const isNarrow = message.width >= 0 && message.width < NARROW;
    if (isNarrow !== this.isNarrow) {
      this.isNarrow = isNarrow;
      this.bar.display({ isNarrow });
      if (this.sight && this.bar.shown.mode === 'beside') {
        this.build();
      }
    }
  }

  /** How the texts are shown, of what can be offered. */
  private get mode(): CompareMode {
    return modeIn(this.bar.shown);
  }

  private load(): void {
    const { compared, trans } = this.options;
    this.tell(trans.__('Loading…'));
    compared.load().then(
      () => this.loaded(),
      (error: unknown) => this.failed(error)
    );
  }

  private loaded(): void {
    const { compared, trans, locale } = this.options;
    const [older, newer] = compared.sides!;
    const [olderName, newerName] = namesOfBoth(older, newer, trans, locale);
    this.bar.display({ olderName, newerName });
    this.options.named(olderName, newerName);
    this.followRole();
    this.ends = [
      compared.connection.subscribe(() => this.followRole()),
      compared.onArrival(() => this.followSoon()),
      compared.onAuthors(() => {
        this.sight?.showAuthors();
        this.schedule();
      })
    ];
    this.build();
    // Without them the text is compared all the same.
    compared.findAuthors().catch((error: unknown) => !this.isDisposed && logged(error));
  }

  private failed(error: unknown): void {
    if (this.isDisposed) {
      return;
    }
    const { trans } = this.options;
    const failed = trans.__('The versions could not be loaded.');
    const again = document.createElement('button');
    again.className = 'jp-mod-styled';
    again.textContent = trans.__('Try again');
    again.addEventListener('click', () => this.load());
    this.tell(errorSentence(asSpecError(error), failed, trans), 'alert');
    this.place.node.append(again);
  }

  private showAs(mode: CompareMode): void {
    if (mode !== this.bar.shown.mode) {
      this.options.memory.mode = mode;
      this.bar.display({ mode });
      this.build();
    }
  }

  /** Shows the texts as they are chosen to be shown. */
  private build(): void {
    const build = ++this.builds;
    this.shown(build).catch((error: unknown) => {
      if (build === this.builds && !this.isDisposed) {
        this.failed(error);
      }
    });
  }

  private async shown(build: number): Promise<void> {
    const { compared, trans } = this.options;
    if (!this.sight) {
      this.tell(trans.__('Comparing…'));
    }
    compared.catchUp();
    const sight = await (this.mode === 'rendered' ? this.rendered() : this.editors());
    if (build !== this.builds || this.isDisposed) {
      sight.destroy();
      return;
    }
    const before = this.sight?.current ?? 0;
    // Until there is something to see, the focus is on the bar.
    const focused = this.sight ? this.place.node : this.node;
    this.sight?.destroy();
    this.sight = sight;
    this.place.node.replaceChildren(sight.node);
    this.follow();
    sight.goTo(Math.max(0, before));
    if (focused.contains(document.activeElement) || this.isActive()) {
      sight.focus();
    }
    this.schedule();
  }

  /** Whether the focus is nowhere else. */
  private isActive(): boolean {
    return this.isVisible && document.activeElement === document.body;
  }

  private async editors(): Promise<Sight> {
    const { compared, trans, locale } = this.options;
    const { older, newer } = compared;
    const [{ Editors }, difference, extensions] = await Promise.all([
      import('./editors'),
      compared.difference(),
      this.options.extensions(Math.max(older.utf16Length, newer.utf16Length))
    ]);
    const pieces = differencesIn(difference, older, newer);
    const isLong = pieces.some(({ fromA, toA }) => toA - fromA > LONG_PIECE);
    this.bar.display({ isLong });
    const { isFolded, mayEdit } = this.bar.shown;
    return new Editors({
      older,
      newer,
      difference,
      mode: this.mode === 'beside' ? 'beside' : 'unified',
      isFolded,
      extensions,
      trans,
      locale,
      written: () => this.written(),
      isRestorable: mayEdit,
      restore: passage => this.restore(passage),
      changed: () => this.schedule()
    });
  }

  private async rendered(): Promise<Sight> {
    const { compared, rendermime, pictures, trans } = this.options;
    const { Rendered } = await import('./rendered');
    const sight = new Rendered({
      older: compared.older,
      rendermime: rendermime!,
      pictures,
      trans,
      written: () => this.written(),
      differences: () => this.differences(),
      changed: () => this.schedule()
    });
    await sight.ready;
    return sight;
  }

  private async differences(): Promise<readonly Difference[]> {
    const { compared } = this.options;
    const { older, newer } = compared;
    return differencesIn(await compared.difference(), older, newer);
  }

  private written(): Written {
    const { compared, trans, locale } = this.options;
    const { newer: text, authors } = compared;
    return { text, authors, told: writer => toldOf(writer, trans, locale) };
  }

  private followSoon(): void {
    if (this.followTimer === 0) {
      const isLong = this.compared.newer.utf16Length > LONG;
      this.followTimer = window.setTimeout(() => this.follow(), isLong ? FOLLOW_LONG : FOLLOW);
    }
  }

  /** Shows what others have written meanwhile. */
  private follow(): void {
    window.clearTimeout(this.followTimer);
    this.followTimer = 0;
    if (this.sight) {
      this.sight.follow(this.compared.catchUp());
      this.schedule();
    }
  }

  /** Renews the bar, once a frame at most. */
  private schedule(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const { sight } = this;
      if (sight) {
        const { count, current } = sight;
        this.bar.display({ count, current, passage: sight.passage(current) });
      }
    });
  }

  private followRole(): void {
    const { role, canEdit, status } = this.compared.connection.state;
    const mayEdit = canEdit || (status === 'connecting' && allows(role ?? '', 'contributor'));
    const mayRestore = allows(role ?? '', 'admin');
    const { shown } = this.bar;
    if (shown.mayEdit !== mayEdit || shown.mayRestore !== mayRestore) {
      this.bar.display({ mayEdit, mayRestore });
      if (this.sight && shown.mayEdit !== mayEdit) {
        this.build();
      }
    }
  }

  private restore({ text, differences }: Passage): void {
    const { compared, trans } = this.options;
    const restored = told(
      () => compared.takeBack(takenBack(compared.older, text, differences), text),
      trans.__('The passage could not be restored.'),
      trans
    ).then(result => {
      if (result) {
        this.follow();
        tellRestored(result, trans);
      }
    });
    inBackground(restored);
  }

  /** Of two old versions the newer one is restored; compared with now, the older one. */
  private restoreVersion(): void {
    const { compared, trans, locale } = this.options;
    const side = compared.sides?.[compared.isLive ? 0 : 1];
    if (side && side.version !== null) {
      this.options.restoreVersion(side.version, nameOf(side, trans, locale));
    }
  }

  private async download(): Promise<void> {
    const { compared, trans, locale } = this.options;
    const { olderName, newerName } = this.bar.shown;
    const [{ exportedComparison }, title, differences] = await Promise.all([
      import('./exported'),
      this.options.titleOf(),
      this.differences()
    ]);
    const { older, newer } = compared;
    const texts = { older, newer, differences, olderName, newerName };
    const page = exportedComparison({
      ...texts,
      ...this.written(),
      title,
      language: locale ?? '',
      trans
    });
    const name = fileNameOf(`${title} ${olderName} ${newerName}`);
    download(page, name.replace(/\.md$/, '.html'), 'text/html');
  }

  private tell(sentence: string, role = 'status'): void {
    const line = document.createElement('p');
    line.className = 'jp-SpecCompare-message';
    line.setAttribute('role', role);
    line.textContent = sentence;
    this.place.node.replaceChildren(line);
  }
}
