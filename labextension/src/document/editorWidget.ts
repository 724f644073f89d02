import type { EditorView } from '@codemirror/view';
import { DisposableDelegate, DisposableSet } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import { revealUser } from '../editor';
import { authorTint } from '../editor/authorTint';
import { newMarkMargin } from '../editor/newMarks';
import { sectionNotes } from '../editor/sectionNote';
import { threadMarks } from '../editor/threadMarks';
import { typedSuggestions } from '../editor/typedSuggestions';
import { pictureInput } from '../attachments/pictureInput';
import { thumbnails, type ThumbnailOptions } from '../attachments/thumbnail';
import type { Pictures } from '../attachments/uploading';
import { caretPlaces } from '../editor/caretPlaces';
import type { PreviewPlace } from '../preview/place';
import type { SpecConnection } from '../session';
import type { Announcer } from './announcer';
import type { SpecCodeEditor } from './codeEditor';
import type { EditorConfiguration } from './editorConfiguration';
import { Notices, type NoticesOptions } from './notices';
import { UnavailablePage, type UnavailablePageOptions } from './unavailablePage';
import { ViewOnly } from './viewOnly';

export interface EditorWidgetOptions
  extends UnavailablePageOptions, Pick<NoticesOptions, 'showRescued'> {
  readonly configuration: EditorConfiguration;
  readonly announcer: Announcer;
  readonly pictures: Pictures;
  readonly addressOfPicture: ThumbnailOptions['addressOf'];
}

/** The live editor of a spec, with notices over it. It releases its share of the connection when disposed. */
export class SpecEditorWidget extends Panel {
  readonly connection: SpecConnection;
  readonly codeEditor: SpecCodeEditor;
  readonly pictures: Pictures;
  /** The line above the text. It has its place before there is anything in it, so that the text never moves. */
  readonly head = new Panel();
  /** What holds the editor. */
  readonly source = new Widget();
  private place: PreviewPlace | null = null;
  private readonly resources = new DisposableSet();
  private readonly follow: () => void;

  constructor(options: EditorWidgetOptions) {
    super();
    const { connection, configuration, trans } = options;
    this.addClass('jp-SpecPane');
    this.connection = connection;
    const { pictures, addressOfPicture: addressOf } = options;
    this.pictures = pictures;
    const host = this.source;
    host.addClass('jp-SpecPane-editor');
    this.codeEditor = configuration.createEditor(host.node, connection, [
      pictureInput(pictures),
      thumbnails({ addressOf, trans }),
      authorTint,
      newMarkMargin(),
      sectionNotes,
      threadMarks,
      typedSuggestions
    ]);
    this.resources.add(this.codeEditor);
    this.editor.contentDOM.setAttribute('aria-label', trans.__('Text of the spec'));
    this.head.addClass('jp-SpecHead');
    this.head.addWidget(new ViewOnly(connection, trans));
    this.addWidget(this.head);
    const page = new UnavailablePage(options);
    this.addWidget(page);
    this.addWidget(host);
    const { editor } = this;
    this.addWidget(new Notices({ connection, trans, editor, showRescued: options.showRescued }));
    this.resources.add(options.announcer.follow(connection));
    const follow = () => (this.place ?? host).setHidden(page.isShown);
    this.follow = follow;
    this.resources.add(new DisposableDelegate(connection.subscribe(follow)));
    follow();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.resources.dispose();
      this.connection.release();
      super.dispose();
    }
  }

  /** CodeMirror's view of the text. */
  get editor(): EditorView {
    return this.codeEditor.editor;
  }

  /** The place of source and preview; `null` where there is no preview. */
  get preview(): PreviewPlace | null {
    return this.place;
  }

  /** Puts the editor into a place in which its preview is, too. */
  set preview(place: PreviewPlace | null) {
    if (place && !this.place) {
      this.place = place;
      this.insertWidget(2, place);
      this.follow();
    }
  }

  /** Scrolls to a user's caret; with `nearest` only if it is not well in view. */
  reveal(userId: string, nearest = false): void {
    revealUser(this.editor, userId, nearest);
    const caret = caretPlaces(this.editor).findLast(each => each.caret.userId === userId);
    if (caret) {
      this.place?.showPosition(caret.head);
    }
  }

  /** Gives the focus to the text, or to its preview where that is seen alone. */
  focusText(): void {
    if (this.place) {
      this.place.focus();
    } else {
      this.editor.focus();
    }
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    if (this.mayTakeFocus) {
      this.focusText();
      if (!this.connection.state.canEdit) {
        this.focusOnceEditable();
      }
    }
  }

  /**
   * Whether the focus is still here, or nowhere. JupyterLab gives it to this widget and then activates it: what was
   * activated in between has it now, as a sidebar that was chosen in the command palette.
   */
  private get mayTakeFocus(): boolean {
    const { activeElement, body } = document;
    return !activeElement || activeElement === body || this.node.contains(activeElement);
  }

  /** An editor that becomes editable loses the focus; gives it back unless the user has moved it elsewhere. */
  private focusOnceEditable(): void {
    const unsubscribe = this.connection.subscribe(({ canEdit }) => {
      if (canEdit) {
        unsubscribe();
        requestAnimationFrame(() => {
          if (!this.isDisposed && document.activeElement === document.body) {
            this.editor.focus();
          }
        });
      }
    });
    this.resources.add(new DisposableDelegate(unsubscribe));
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.editor.requestMeasure();
  }

  protected override onResize(message: Widget.ResizeMessage): void {
    super.onResize(message);
    this.editor.requestMeasure();
  }
}
