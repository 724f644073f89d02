import type { ILabShell } from '@jupyterlab/application';
import type { ICommandPalette, IWidgetTracker } from '@jupyterlab/apputils';
import type { IMainMenu } from '@jupyterlab/mainmenu';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../ui/commandIds';
import type { SpecDocument } from './document';

const CLASS = 'jp-mod-spec-focus';

/** What the page looked like before. */
interface Before {
  readonly left: boolean;
  readonly right: boolean;
  readonly mode: ILabShell['mode'];
}

/**
 * Nothing but the text: sidebars and other documents are hidden, and lines are as long as one reads well. What was
 * open comes back afterwards, also when another document comes to the front.
 */
export class FocusMode {
  private before: Before | null = null;

  constructor(
    private readonly shell: ILabShell,
    private readonly tracker: IWidgetTracker<SpecDocument>,
    private readonly trans: TranslationBundle
  ) {}

  /** Adds the command that switches it on and off. */
  addTo(commands: CommandRegistry, menu: IMainMenu | null, palette: ICommandPalette | null): void {
    const { trans, tracker, shell } = this;
    const command = CommandIDs.focusMode;
    commands.addCommand(command, {
      label: trans.__('Focus on the Text of the Spec'),
      isEnabled: () => this.isOn || tracker.currentWidget !== null,
      isToggled: () => this.isOn,
      execute: () => {
        this.set(!this.isOn);
        commands.notifyCommandChanged(command);
      }
    });
    menu?.viewMenu.addGroup([{ command }], 30);
    palette?.addItem({ command, category: trans.__('Specs') });
    shell.currentChanged.connect(() => {
      if (this.isOn && shell.currentWidget !== tracker.currentWidget) {
        this.set(false);
        commands.notifyCommandChanged(command);
      }
    });
  }

  get isOn(): boolean {
    return this.before !== null;
  }

  set(isOn: boolean): void {
    const { shell, before, tracker } = this;
    if (isOn && !before) {
      this.before = {
        left: !shell.leftCollapsed,
        right: !shell.rightCollapsed,
        mode: shell.mode
      };
      shell.mode = 'single-document';
      shell.collapseLeft();
      shell.collapseRight();
    } else if (!isOn && before) {
      this.before = null;
      shell.mode = before.mode;
      if (before.left) {
        shell.expandLeft();
      }
      if (before.right) {
        shell.expandRight();
      }
    }
    document.body.classList.toggle(CLASS, isOn);
    tracker.currentWidget?.content.editor.requestMeasure();
    tracker.currentWidget?.content.editor.focus();
  }
}
