import type { EditorView } from '@codemirror/view';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { textOn } from '../editor';
import { onUpdate } from '../editor/updates';
import type { SpecConnection } from '../session';
import { type Outside, type Outsiders, outsiders } from './outside';

/** Names that are shown at one edge; the others are counted. */
const NAMES = 3;

export interface EdgeCaretsOptions {
  readonly connection: SpecConnection;
  readonly view: EditorView;
  readonly trans: TranslationBundle;
  jump(userId: string): void;
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
