import { type EditorView, keymap } from '@codemirror/view';
import { DisposableDelegate, DisposableSet } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';

import { createSpecEditor, revealUser } from '../editor';
import type { SpecConnection } from '../session';
import { Absent, type AbsentOptions } from './absent';
import type { EditorLook } from './look';
import { Notices } from './notices';

/** Every edit is saved by itself; without this the browser would offer to save the page. */
const NOTHING_TO_SAVE = [{ key: 'Mod-s', run: () => true, preventDefault: true }];

export interface PaneOptions extends AbsentOptions {
  readonly look: EditorLook;
}

/** The live text of a spec with its notices above; it owns one share of the connection and releases it. */
export class SpecPane extends Panel {
  readonly connection: SpecConnection;
  readonly editor: EditorView;
  private readonly held = new DisposableSet();

  constructor(options: PaneOptions) {
    super();
    const { connection, look, trans } = options;
    this.addClass('jp-SpecPane');
    this.connection = connection;
    const dressed = look.dress();
    const host = new Widget();
    host.addClass('jp-SpecPane-editor');
    this.editor = createSpecEditor({
      parent: host.node,
      connection,
      extensions: [dressed.extensions, keymap.of(NOTHING_TO_SAVE)],
      readOnlyNote: trans.__('View only. Ask an owner of this spec if you need to edit it.')
    });
    this.editor.contentDOM.setAttribute('aria-label', trans.__('Text of the spec'));
    this.held.add(dressed.follow(this.editor));
    const absent = new Absent(options);
    this.addWidget(new Notices(connection, trans));
    this.addWidget(absent);
    this.addWidget(host);
    const follow = () => host.setHidden(absent.isShown);
    this.held.add(new DisposableDelegate(connection.subscribe(follow)));
    follow();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.held.dispose();
      this.editor.destroy();
      this.connection.release();
      super.dispose();
    }
  }

  /** Brings a person's caret into view, given their user id. */
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

  /** A text that becomes editable loses the focus: it gets it back, unless the user has gone elsewhere. */
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
    this.held.add(new DisposableDelegate(unsubscribe));
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
