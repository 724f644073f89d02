import {
  EditorState,
  type Extension,
  type Range,
  StateEffect,
  StateField
} from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';

import { toChanges } from '../../editor/changes';
import { type Operation, replacement, type Text } from '../../text';
import type { Arrived } from './arrived';
import type { Frame } from './keptTexts';

/** What of the height of the view a change stays away from its edges. */
const MARGIN = 0.25;

const mark = StateEffect.define<DecorationSet>();

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, { effects, changes }) {
    const next = effects.find(effect => effect.is(mark));
    return next ? (next.value as DecorationSet) : shown.map(changes);
  },
  provide: field => EditorView.decorations.from(field)
});

/** Where the last change was made, as a line in its author's colour. */
class ChangePlace extends WidgetType {
  constructor(private readonly colour: string) {
    super();
  }

  override eq(other: ChangePlace): boolean {
    return this.colour === other.colour;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('span');
    element.className = 'jp-SpecVersionText-place';
    element.setAttribute('aria-hidden', 'true');
    element.style.setProperty('--speccollab-person', this.colour);
    return element;
  }
}

export interface VersionTextOptions {
  readonly parent: HTMLElement;
  readonly label: string;
  /** What the editor has besides: theme and language. */
  readonly extensions: Extension;
  colourOf(userId: string): string;
}

/** A version of a spec in an editor that can't be written in. Going to another version changes only what differs. */
export class VersionText {
  readonly view: EditorView;
  private shown: Frame | null = null;

  constructor(private readonly options: VersionTextOptions) {
    const { parent, label, extensions } = options;
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({
            tabIndex: '0',
            'aria-label': label,
            'aria-readonly': 'true'
          }),
          EditorView.lineWrapping,
          marks,
          extensions
        ]
      })
    });
  }

  /** The version that is shown; `null` before the first one. */
  get version(): number | null {
    return this.shown?.version ?? null;
  }

  /**
   * Shows a version, and what has just come in it. `change` tells the change from a version to another one; where it
   * can't, what differs is found by comparing the beginnings and ends of the texts.
   */
  show(
    frame: Frame,
    arrived: Arrived,
    change: (from: number, to: number) => Operation | null
  ): void {
    const { shown, view } = this;
    const operation = shown && change(shown.version, frame.version);
    const changes =
      shown && operation
        ? toChanges(operation, shown.text)
        : replacement(view.state.doc.toString(), frame.text.toString());
    this.shown = frame;
    const { place } = arrived;
    const position = place && frame.text.utf16Of(place.position);
    view.dispatch({
      changes,
      effects: [
        mark.of(this.marksOf(frame.text, arrived)),
        ...(position === null
          ? []
          : [
              EditorView.scrollIntoView(position, {
                y: 'nearest',
                yMargin: MARGIN * view.scrollDOM.clientHeight
              })
            ])
      ]
    });
  }

  dispose(): void {
    this.view.destroy();
  }

  private marksOf(text: Text, { letters, place }: Arrived): DecorationSet {
    const ranges: Range<Decoration>[] = letters.map(({ from, to, userId }) =>
      Decoration.mark({
        class: 'jp-SpecVersionText-came',
        attributes: { style: `--speccollab-person: ${this.options.colourOf(userId)}` }
      }).range(text.utf16Of(from), text.utf16Of(to))
    );
    if (place) {
      const widget = new ChangePlace(this.options.colourOf(place.userId));
      ranges.push(Decoration.widget({ widget, side: 1 }).range(text.utf16Of(place.position)));
    }
    return Decoration.set(ranges, true);
  }
}
