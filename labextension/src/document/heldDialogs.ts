import { Dialog, Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { isWritingInSpec } from '../ui/writing';

/** Milliseconds between two looks whether the server is back. */
const LOOK_EVERY = 2_000;

/** A dialog that waits. */
interface Held {
  readonly dialog: Dialog<unknown>;
  /** Whether it only tells that the server is lost, which the notice in the spec tells as well. */
  readonly isAboutConnection: boolean;
  show(): void;
  drop(): void;
}

export interface HeldDialogsOptions {
  /** Whether the server can be reached, as far as this page knows. */
  isReachable(): boolean;
  readonly trans: TranslationBundle;
  /** The translations of JupyterLab's own words. */
  readonly labTrans: TranslationBundle;
}

/**
 * Keeps dialogs that nobody asked for away from somebody who writes in a spec: they would take the keys.
 *
 * JupyterLab shows one when it loses the server, and others when a notebook can't be saved or a kernel dies. While
 * the focus is in the text of a spec they wait until it is elsewhere. Those about the server never come if it is
 * back by then; the others are told in a notification meanwhile. A dialog that the user asks for comes at once.
 *
 * JupyterLab has no place for this: its token for the dialog about the connection is taken by its hub extension, and
 * everything else calls `Dialog.launch`, which is therefore wrapped.
 *
 * Law (`heldDialogs.test.ts`): a dialog that waits does not stand before one that is asked for.
 */
export class HeldDialogs {
  private held: readonly Held[] = [];
  /** Whether the last thing that the user did was no writing in a spec. */
  private isAsking = true;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: HeldDialogsOptions) {}

  /** From now on dialogs are held; returns a function that ends it. */
  begin(): () => void {
    const { prototype } = Dialog;
    const launch = prototype.launch;
    const hold = (dialog: Dialog<unknown>, show: () => Promise<Dialog.IResult<unknown>>) =>
      this.hold(dialog, show);
    prototype.launch = function (this: Dialog<unknown>) {
      return hold(this, () => launch.call(this));
    };
    const stop = new AbortController();
    const capture = { capture: true, signal: stop.signal };
    window.addEventListener('pointerdown', ({ target }) => this.acted(target), capture);
    window.addEventListener('beforeinput', ({ target }) => this.acted(target), capture);
    window.addEventListener('keydown', event => this.pressed(event), capture);
    window.addEventListener('focusin', () => this.moved(), capture);
    window.addEventListener('focusout', () => this.moved(), capture);
    return () => {
      prototype.launch = launch;
      stop.abort();
      this.held.forEach(each => each.show());
    };
  }

  private hold(
    dialog: Dialog<unknown>,
    launch: () => Promise<Dialog.IResult<unknown>>
  ): Promise<Dialog.IResult<unknown>> {
    const label = dialog.node.ariaLabel ?? '';
    const isAboutConnection = this.isAboutConnection(label);
    if (!isWritingInSpec() || (this.isAsking && !isAboutConnection)) {
      return launch();
    }
    return new Promise((resolve, reject) => {
      const note = isAboutConnection ? null : this.tell(label);
      const end = () => {
        this.held = this.held.filter(each => each !== held);
        if (note !== null) {
          Notification.dismiss(note);
        }
      };
      const drop = () => {
        end();
        dialog.dispose();
        resolve({ button: Dialog.cancelButton(), isChecked: null, value: null });
      };
      const show = () => {
        end();
        launch().then(resolve, reject);
      };
      const held = { dialog, isAboutConnection, show, drop };
      this.held = [...this.held, held];
      this.timer ??= setInterval(() => this.look(), LOOK_EVERY);
    });
  }

  private tell(label: string): string {
    const { trans } = this.options;
    const message = label || trans.__('JupyterLab has a question.');
    return Notification.warning(message, {
      autoClose: false,
      actions: [{ label: trans.__('Show'), callback: () => this.release() }]
    });
  }

  private isAboutConnection(label: string): boolean {
    const { labTrans } = this.options;
    const titles = [
      labTrans.__('Server Connection Error'),
      labTrans.__('Server unavailable or unreachable') // on a hub
    ];
    return titles.some(title => label.startsWith(title));
  }

  private acted(target: EventTarget | null): void {
    const text =
      target instanceof Element ? target.closest<HTMLElement>('.cm-content, input') : null;
    this.isAsking = !isWritingInSpec(text);
  }

  /** A command's keys may ask for a dialog; letters do not. */
  private pressed(event: KeyboardEvent): void {
    const isCommand = event.ctrlKey || event.metaKey || event.altKey;
    if (isCommand && !event.getModifierState('AltGraph')) {
      this.isAsking = true;
    } else {
      this.acted(event.target);
    }
  }

  /** The focus may have moved; after this event it is known where to. */
  private moved(): void {
    if (this.held.length > 0) {
      setTimeout(() => {
        if (!isWritingInSpec()) {
          this.release();
        }
      });
    }
  }

  private release(): void {
    const isReachable = this.options.isReachable();
    for (const each of this.held) {
      if (each.dialog.isDisposed || (each.isAboutConnection && isReachable)) {
        each.drop();
      } else {
        each.show();
      }
    }
  }

  /** What is only about a server that is back is not shown any more. */
  private look(): void {
    if (this.held.length === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    } else if (this.options.isReachable()) {
      this.held.filter(each => each.isAboutConnection).forEach(each => each.drop());
    }
  }
}
