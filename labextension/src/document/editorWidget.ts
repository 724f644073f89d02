import type { EditorView } from '@codemirror/view';
import { DisposableDelegate, DisposableSet } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import { revealUser } from '../editor';
import type { SpecConnection } from '../session';
import type { Announcer } from './announcer';
import type { SpecCodeEditor } from './codeEditor';
import type { EditorConfiguration } from './editorConfiguration';
import { Notices, type NoticesOptions } from './notices';
import { UnavailablePage, type UnavailablePageOptions } from './unavailablePage';

export interface EditorWidgetOptions
  extends UnavailablePageOptions, Pick<NoticesOptions, 'showRescued'> {
  readonly configuration: EditorConfiguration;
  readonly announcer: Announcer;
}

/** The live editor of a spec, with notices below it. It releases its share of the connection when disposed. */
export class SpecEditorWidget extends Panel {
  readonly connection: SpecConnection;
  readonly codeEditor: SpecCodeEditor;
  private readonly resources = new DisposableSet();

  constructor(options: EditorWidgetOptions) {
    super();
    const { connection, configuration, trans } = options;
    this.addClass('jp-SpecPane');
    this.connection = connection;
    const host = new Widget();
    host.addClass('jp-SpecPane-editor');
    this.codeEditor = configuration.createEditor(
      host.node,
      connection,
      trans.__('View only. Ask an owner of this spec if you need to edit it.')
    );
    this.resources.add(this.codeEditor);
    this.editor.contentDOM.setAttribute('aria-label', trans.__('Text of the spec'));
    const page = new UnavailablePage(options);
    this.addWidget(page);
    this.addWidget(host);
    const { editor } = this;
    this.addWidget(new Notices({ connection, trans, editor, showRescued: options.showRescued }));
    this.resources.add(options.announcer.follow(connection));
    const follow = () => host.setHidden(page.isShown);
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

  /** Scrolls to a user's caret. */
  reveal(userId: string): void {
    revealUser(this.editor, userId);
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.editor.focus();
    if (!this.connection.state.canEdit) {
      this.focusOnceEditable();
    }
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
