import * as React from 'react';

import { ADDRESS, type LinkTarget, targetOf } from '../../preview/links';
import type { Bodies, SourceOfBody } from './bodies';

export interface BodyProps extends SourceOfBody {
  readonly bodies: Bodies;
  open(target: LinkTarget): void;
}

/** A message as it reads. Until it is rendered, and where it can't be, it is shown as it was typed. */
export function Body({ bodies, open, messageId, body, mentions }: BodyProps): JSX.Element {
  const host = React.useRef<HTMLDivElement>(null);
  React.useLayoutEffect(() => {
    let isShown = true;
    const show = (rendered: HTMLElement) => {
      if (isShown) {
        host.current?.replaceChildren(rendered);
      }
    };
    const known = bodies.known({ messageId, body, mentions });
    if (known) {
      show(known);
    } else {
      host.current!.textContent = body;
      bodies
        .render({ messageId, body, mentions })
        .then(show)
        .catch((error: unknown) => console.error(error));
    }
    return () => {
      isShown = false;
    };
  }, [bodies, messageId, body, mentions.join()]);
  const follow = (event: React.MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link && event.button <= 1) {
      event.preventDefault();
      const page = { url: window.location.href };
      const target = targetOf(link.getAttribute(ADDRESS) ?? '', page);
      if (target) {
        open(target);
      }
    }
  };
  return (
    <div
      ref={host}
      className="jp-ThreadBody jp-RenderedHTMLCommon"
      onClick={follow}
      onAuxClick={follow}
    />
  );
}
