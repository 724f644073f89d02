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

const PICTURES = {
  code: {
    path: 'M5.4 4.3 1.7 8l3.7 3.7.9-.9L3.5 8l2.8-2.8zM10.6 4.3l-.9.9L12.5 8l-2.8 2.8.9.9L14.3 8z'
  },
  link: {
    path: 'M6.6 4.5H4.5a3.5 3.5 0 0 0 0 7h2.1v-1.3H4.5a2.2 2.2 0 0 1 0-4.4h2.1zM5.3 7.35h5.4v1.3H5.3zM9.4 4.5v1.3h2.1a2.2 2.2 0 0 1 0 4.4H9.4v1.3h2.1a3.5 3.5 0 0 0 0-7z'
  },
  bullets: {
    path: 'M2 3h2v2H2zM2 7h2v2H2zM2 11h2v2H2zM6 3.4h8v1.2H6zM6 7.4h8v1.2H6zM6 11.4h8v1.2H6z'
  },
  tasks: {
    path: 'M2.5 2.5h11v11h-11zM3.8 3.8v8.4h8.4V3.8zM7.1 10.9 4.6 8.4l.9-.9 1.6 1.6 3.5-3.5.9.9z'
  },
  quote: { path: 'M2 3h1.6v10H2zM6 4.4h8v1.2H6zM6 7.4h8v1.2H6zM6 10.4h5v1.2H6z' }
} as const;

function bubbleActions(trans: TranslationBundle): readonly BubbleAction[] {
  const action = (
    sign: BubbleAction['sign'],
    label: string,
    run: BubbleAction['run'],
    className = ''
  ): BubbleAction => ({ sign, label, run, className });
  return [
    action('B', trans.__('Bold'), view => toggleInline(view, '**'), 'jp-mod-bold'),
    action('I', trans.__('Italic'), view => toggleInline(view, '*'), 'jp-mod-italic'),
    action(PICTURES.code, trans.__('Code'), view => toggleInline(view, '`')),
    action(PICTURES.link, trans.__('Link'), insertLink),
    action('H', trans.__('Heading'), view => setHeading(view, 2), 'jp-mod-bold'),
    action(PICTURES.bullets, trans.__('Bulleted list'), view => toggleLines(view, 'bullet')),
    action(PICTURES.tasks, trans.__('Task list'), view => toggleLines(view, 'task')),
    action(PICTURES.quote, trans.__('Quote'), view => toggleLines(view, 'quote'))
  ];
}
