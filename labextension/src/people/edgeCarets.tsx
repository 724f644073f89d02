import type { EditorView } from '@codemirror/view';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { safeColour, textOn } from '../editor';
import { caretPlaces } from '../editor/caretPlaces';
import { onUpdate } from '../editor/updates';
import type { SpecConnection } from '../session';

/** Names that are shown at one edge; the others are counted. */
const NAMES = 3;

export interface EdgeCaretsOptions {
  readonly connection: SpecConnection;
  readonly view: EditorView;
  readonly trans: TranslationBundle;
  jump(userId: string): void;
}

/** Somebody whose caret is out of view. */
export interface Outside {
  readonly userId: string;
  readonly userName: string;
  readonly color: string;
}

export interface Outsiders {
  readonly above: readonly Outside[];
  readonly below: readonly Outside[];
}

/** Whose carets are above and below what an editor shows: each person once, by the caret that moved last. */
export function outsiders(view: EditorView, me: string | null): Outsiders {
  const { scrollTop, clientHeight } = view.scrollDOM;
  const scale = view.scaleY || 1;
  const above: Outside[] = [];
  const below: Outside[] = [];
  const byUser = new Map(caretPlaces(view).map(place => [place.caret.userId, place]));
  for (const { caret, head } of byUser.values()) {
    const { userId, userName } = caret;
    if (userId === me) {
      continue;
    }
    const { top, bottom } = lineOf(view, head);
    const person = { userId, userName, color: safeColour(caret.color, userId) };
    if (bottom <= scrollTop / scale) {
      above.push(person);
    } else if (top >= (scrollTop + clientHeight) / scale) {
      below.push(person);
    }
  }
  return { above, below };
}

/** Where the row of a position is, from the top of the scrolled content; its whole line if that is not drawn. */
function lineOf(view: EditorView, position: number): { top: number; bottom: number } {
  const at = Math.min(position, view.state.doc.length);
  const block = view.lineBlockAt(at);
  const padding = view.documentPadding.top;
  return { top: block.top + padding, bottom: block.bottom + padding };
}

/** Names at the upper and lower edge of an editor, with an arrow, of those whose carets are out of view. */
export class EdgeCarets extends ReactWidget {
  constructor(private readonly options: EdgeCaretsOptions) {
    super();
    this.addClass('jp-SpecEdges');
  }

  protected override render(): JSX.Element {
    return <Edges {...this.options} />;
  }
}

function Edges({ connection, view, trans, jump }: EdgeCaretsOptions): JSX.Element {
  const [{ above, below }, show] = React.useState<Outsiders>({ above: [], below: [] });
  React.useEffect(() => {
    let frame: number | null = null;
    const look = () => {
      frame ??= requestAnimationFrame(() => {
        frame = null;
        const found = outsiders(view, connection.state.me?.userId ?? null);
        show(before => (JSON.stringify(before) === JSON.stringify(found) ? before : found));
      });
    };
    const stops = [
      connection.onCursors(look),
      onUpdate(view, update => (update.docChanged || update.geometryChanged) && look())
    ];
    view.scrollDOM.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      stops.forEach(stop => stop());
      view.scrollDOM.removeEventListener('scroll', look);
      if (frame !== null) {
        cancelAnimationFrame(frame);
      }
    };
  }, [view, connection]);
  const edge = (people: readonly Outside[], place: 'above' | 'below') => (
    <div className={`jp-SpecEdges-edge jp-mod-${place}`}>
      {people.slice(0, NAMES).map(person => (
        <button
          key={person.userId}
          style={{ background: person.color, color: textOn(person.color) }}
          aria-label={trans.__('Go to where %1 is', person.userName)}
          onClick={() => jump(person.userId)}
        >
          {place === 'above' ? '↑' : '↓'} {person.userName}
        </button>
      ))}
      {people.length > NAMES && <span>+{people.length - NAMES}</span>}
    </div>
  );
  return (
    <>
      {edge(above, 'above')}
      {edge(below, 'below')}
    </>
  );
}
