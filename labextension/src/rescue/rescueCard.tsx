import { Clipboard } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Rescue } from '../keeping';
import { browserEnvironment, inSlices } from '../runtime';
import { inBackground, unawaited } from '../ui/failure';
import { relativeTime } from '../ui/relativeTime';
import { useTitle } from '../ui/useTitle';
import { type Passage, compareTexts } from './comparison';
import { reasonOf } from './reason';

/** What the user can do with edits that were not sent. */
export interface RescueActions {
  /** The present text of the spec; `null` if it can't be loaded. */
  presentText(specId: string): Promise<string | null>;
  saveFile(rescue: Rescue): Promise<void>;
  saveAsSpec(rescue: Rescue): Promise<void>;
  openSpec(specId: string): void;
  discard(rescue: Rescue): Promise<void>;
}

export interface RescueCardProps {
  readonly rescue: Rescue;
  readonly actions: RescueActions;
  readonly trans: TranslationBundle;
  /** A BCP 47 tag. */
  readonly locale: string;
}

/** The edits in one spec that were not sent, with what can be done with them. */
export function RescueCard({ rescue, actions, trans, locale }: RescueCardProps): JSX.Element {
  const { kept, text } = rescue;
  const present = usePresentText(rescue, actions);
  const run = (work: Promise<void>, failed: string) => unawaited(work, failed, trans);
  const [isWhole, showWhole] = React.useState(false);
  const title = useTitle(text, trans.__('Untitled'));
  const ago = relativeTime(kept.savedAt, Date.now(), locale) ?? trans.__('just now');
  return (
    <section className="jp-RescueCard" aria-label={title}>
      <h2>{title}</h2>
      <p>{`${reasonOf(kept, trans)} ${trans.__('Last edited %1.', ago)}`}</p>
      <div className="jp-RescueCard-actions">
        <button
          className="jp-mod-styled jp-mod-accept"
          onClick={() => Clipboard.copyToSystem(text)}
        >
          {trans.__('Copy text')}
        </button>
        <button
          className="jp-mod-styled"
          onClick={() => run(actions.saveFile(rescue), trans.__('The file could not be saved.'))}
        >
          {trans.__('Save as file')}
        </button>
        <button
          className="jp-mod-styled"
          onClick={() =>
            run(actions.saveAsSpec(rescue), trans.__('The spec could not be created.'))
          }
        >
          {trans.__('Save as new spec')}
        </button>
        {present !== null && (
          <button className="jp-mod-styled" onClick={() => actions.openSpec(kept.specId)}>
            {trans.__('Open the spec')}
          </button>
        )}
        <button
          className="jp-mod-styled jp-mod-warn jp-RescueCard-discard"
          onClick={() =>
            run(actions.discard(rescue), trans.__('The edits could not be discarded.'))
          }
        >
          {trans.__('Discard…')}
        </button>
      </div>
      {present !== null && (
        <label className="jp-RescueCard-choice">
          <input
            type="checkbox"
            checked={isWhole}
            onChange={event => showWhole(event.target.checked)}
          />
          {trans.__('Show the whole text, not only what differs from the spec as it is now')}
        </label>
      )}
      {present === null || isWhole ? (
        <pre tabIndex={0}>{text}</pre>
      ) : (
        <Comparison present={present} mine={text} trans={trans} />
      )}
    </section>
  );
}

function Comparison({
  present,
  mine,
  trans
}: {
  readonly present: string;
  readonly mine: string;
  readonly trans: TranslationBundle;
}): JSX.Element {
  const passages = usePassages(present, mine);
  if (passages === null) {
    return <p role="status">{trans.__('Comparing with the spec as it is now…')}</p>;
  }
  if (passages.every(({ kind }) => kind === 'same' || kind === 'omitted')) {
    return <p>{trans.__('The spec as it is now says the same.')}</p>;
  }
  return (
    <pre tabIndex={0}>
      {passages.map((passage, index) => (
        <PassageText key={index} passage={passage} trans={trans} />
      ))}
    </pre>
  );
}

function PassageText({
  passage,
  trans
}: {
  readonly passage: Passage;
  readonly trans: TranslationBundle;
}): JSX.Element {
  switch (passage.kind) {
    case 'added':
      return <ins aria-label={trans.__('added: %1', passage.text)}>{passage.text}</ins>;
    case 'removed':
      return <del aria-label={trans.__('removed: %1', passage.text)}>{passage.text}</del>;
    case 'same':
      return <span>{passage.text}</span>;
    case 'omitted':
      return (
        <span className="jp-RescueCard-omitted">
          {trans._n('%1 more line', '%1 more lines', passage.lines, passage.lines)}
        </span>
      );
  }
}

/** How `mine` differs from `present`; `null` until that is computed. */
function usePassages(present: string, mine: string): readonly Passage[] | null {
  const [passages, setPassages] = React.useState<readonly Passage[] | null>(null);
  React.useEffect(() => {
    setPassages(null);
    return inSlices(browserEnvironment, compareTexts(present, mine), setPassages);
  }, [present, mine]);
  return passages;
}

/** The present text of the spec; `null` until it has loaded and if it can't be loaded. */
function usePresentText({ kept }: Rescue, actions: RescueActions): string | null {
  const [text, setText] = React.useState<string | null>(null);
  React.useEffect(() => {
    let isShown = true;
    if (!['SPEC_NOT_FOUND', 'SPEC_DELETED'].includes(kept.ending?.code ?? '')) {
      const loaded = actions.presentText(kept.specId).then(found => isShown && setText(found));
      inBackground(loaded);
    }
    return () => {
      isShown = false;
    };
  }, [kept.owner]);
  return text;
}
