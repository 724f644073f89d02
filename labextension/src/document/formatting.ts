import { EditorView } from '@codemirror/view';
import type { IWidgetTracker } from '@jupyterlab/apputils';
import { EditorExtensionRegistry, type IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { isSpecEditor } from '../editor';
import {
  alignTable,
  type BubbleAction,
  formattingBubble,
  insertLink,
  insertTable,
  markdownPaste,
  setHeading,
  toggleInline,
  toggleLines
} from '../editor/formatting';
import { CommandIDs } from '../ui/commandIds';
import type { SpecDocument } from './document';

/** A command that formats the text, with what it is called in menus. */
interface Format {
  readonly id: string;
  readonly label: string;
  readonly args?: ReadonlyJSONObject;
}

/** The commands of the Format menu, in groups. */
export function formatGroups(trans: TranslationBundle): readonly (readonly Format[])[] {
  const heading = (level: number) => ({
    id: CommandIDs.heading,
    args: { level },
    label: level ? trans.__('Heading %1', level) : trans.__('Plain Text')
  });
  return [
    [
      { id: CommandIDs.bold, label: trans.__('Bold') },
      { id: CommandIDs.italic, label: trans.__('Italic') },
      { id: CommandIDs.strikethrough, label: trans.__('Strikethrough') },
      { id: CommandIDs.inlineCode, label: trans.__('Code') },
      { id: CommandIDs.link, label: trans.__('Link') }
    ],
    [1, 2, 3, 4, 0].map(heading),
    [
      { id: CommandIDs.bulletList, label: trans.__('Bulleted List') },
      { id: CommandIDs.numberedList, label: trans.__('Numbered List') },
      { id: CommandIDs.taskList, label: trans.__('Task List') },
      { id: CommandIDs.quote, label: trans.__('Quote') }
    ],
    [
      { id: CommandIDs.insertTable, label: trans.__('Insert Table') },
      { id: CommandIDs.alignTable, label: trans.__('Align Table') }
    ]
  ];
}

/** Adds the commands that format the text at the caret, in the spec that has the focus or was used last. */
export function addFormatCommands(
  commands: CommandRegistry,
  tracker: IWidgetTracker<SpecDocument>,
  trans: TranslationBundle
): void {
  const columns = [1, 2, 3].map(number => trans.__('Column %1', number));
  const run: Readonly<
    Record<string, (view: EditorView, args: ReadonlyPartialJSONObject) => boolean>
  > = {
    [CommandIDs.bold]: view => toggleInline(view, '**'),
    [CommandIDs.italic]: view => toggleInline(view, '*'),
    [CommandIDs.strikethrough]: view => toggleInline(view, '~~'),
    [CommandIDs.inlineCode]: view => toggleInline(view, '`'),
    [CommandIDs.link]: insertLink,
    [CommandIDs.bulletList]: view => toggleLines(view, 'bullet'),
    [CommandIDs.numberedList]: view => toggleLines(view, 'number'),
    [CommandIDs.taskList]: view => toggleLines(view, 'task'),
    [CommandIDs.quote]: view => toggleLines(view, 'quote'),
    [CommandIDs.heading]: (view, { level }) => setHeading(view, Number(level ?? 1)),
    [CommandIDs.insertTable]: view => insertTable(view, columns),
    [CommandIDs.alignTable]: alignTable
  };
  const viewOf = () => focusedEditor() ?? tracker.currentWidget?.content.editor ?? null;
  const labels = formatGroups(trans).flat();
  for (const [id, format] of Object.entries(run)) {
    commands.addCommand(id, {
      label: args =>
        labels.find(each => each.id === id && each.args?.['level'] === args['level'])?.label ??
        trans.__('Heading'),
      isEnabled: () => viewOf()?.state.readOnly === false,
      execute: args => {
        const view = viewOf();
        if (view) {
          format(view, args);
          view.focus();
        }
      }
    });
  }
}

/** The editor of a spec that has the focus, also one in the output of a cell. */
function focusedEditor(): EditorView | null {
  const content = document.activeElement?.closest<HTMLElement>('.cm-content');
  const view = content ? EditorView.findFromDOM(content) : null;
  return view && isSpecEditor(view) ? view : null;
}

/** Adds to JupyterLab's editors the options that specs have: off, where nothing sets them. */
export function addFormatOptions(
  registry: IEditorExtensionRegistry,
  trans: TranslationBundle
): void {
  const options = {
    formattingBubble: formattingBubble({
      label: trans.__('Format what is selected'),
      actions: bubbleActions(trans)
    }),
    pasteAsMarkdown: markdownPaste,
    browserSpellcheck: EditorView.contentAttributes.of({ spellcheck: 'true' })
  };
  for (const [name, extension] of Object.entries(options)) {
    registry.addExtension({
      name,
      default: false,
      factory: () => EditorExtensionRegistry.createConditionalExtension(extension)
    });
  }
}

function bubbleActions(trans: TranslationBundle): readonly BubbleAction[] {
  const action = (
    sign: string,
    label: string,
    run: BubbleAction['run'],
    className = ''
  ): BubbleAction => ({ sign, label, run, className });
  return [
    action('B', trans.__('Bold'), view => toggleInline(view, '**'), 'jp-mod-bold'),
    action('I', trans.__('Italic'), view => toggleInline(view, '*'), 'jp-mod-italic'),
    action('<>', trans.__('Code'), view => toggleInline(view, '`'), 'jp-mod-code'),
    action(trans.__('Link'), trans.__('Link'), insertLink),
    action('H', trans.__('Heading'), view => setHeading(view, 2), 'jp-mod-bold'),
    action('•', trans.__('Bulleted list'), view => toggleLines(view, 'bullet')),
    action('☐', trans.__('Task list'), view => toggleLines(view, 'task')),
    action('”', trans.__('Quote'), view => toggleLines(view, 'quote'))
  ];
}
