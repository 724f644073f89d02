import { PageConfig } from '@jupyterlab/coreutils';

import { SPEC, THREAD } from '../server/specLink';
import { workspacePath } from './pictures';

/** Where a link of a spec leads. */
export type LinkTarget =
  | { readonly kind: 'heading'; readonly heading: string }
  | {
      readonly kind: 'spec';
      readonly specId: string;
      readonly heading: string;
      /** The comment that is meant. */
      readonly threadId?: string;
    }
  | { readonly kind: 'file'; readonly path: string; readonly heading: string }
  | { readonly kind: 'attachment'; readonly attachmentId: string }
  | { readonly kind: 'outside'; readonly url: string };

/** The address of JupyterLab's page, such as `https://hub.example.org/user/ada/lab`. */
export interface Page {
  readonly url: string;
}

const ATTACHMENT = /^attachments\/([0-9a-f]{64})(?:\.[a-z]{1,5})?$/;

/** What is no path: with a scheme, with a host, or the address of a spec. */
const WITH_HOST = /^(?:[a-z][a-z0-9+.-]*:|\/\/|\?)/i;

/** Where a link leads; `null` for one that leads nowhere. */
export function targetOf(href: string, page: Page): LinkTarget | null {
  if (href.startsWith('#')) {
    const heading = fragmentOf(href);
    return heading ? { kind: 'heading', heading } : null;
  }
  const path = workspacePath(href);
  const attachmentId = path && ATTACHMENT.exec(path)?.[1];
  if (attachmentId) {
    return { kind: 'attachment', attachmentId };
  }
  if (path !== null) {
    return { kind: 'file', path, heading: fragmentOf(href) };
  }
  const url = WITH_HOST.test(href) && URL.canParse(href, page.url) ? new URL(href, page.url) : null;
  if (!url) {
    return null;
  }
  const specId = url.searchParams.get(SPEC);
  if (specId && isOfPage(url, page)) {
    const threadId = url.searchParams.get(THREAD);
    const heading = fragmentOf(url.hash);
    return { kind: 'spec', specId, heading, ...(threadId ? { threadId } : {}) };
  }
  return /^(https?|mailto|tel):$/.test(url.protocol) ? { kind: 'outside', url: url.href } : null;
}

/** Whether an address is one of this JupyterLab, or a link to a spec as it is shared. */
function isOfPage(url: URL, page: Page): boolean {
  const own = new URL(page.url);
  const isLab = /\/lab(\/|$)/.test(url.pathname) || url.pathname === own.pathname;
  return url.origin === own.origin && isLab;
}

function fragmentOf(href: string): string {
  const hash = href.includes('#') ? href.slice(href.indexOf('#') + 1) : '';
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

/** The attribute that keeps the address of a link as the text has it. */
export const ADDRESS = 'data-spec-address';

/** Lets links show where they lead, and lets those that the browser itself opens lead nowhere else. */
export function dressLinks(host: HTMLElement, page: Page): void {
  for (const link of host.querySelectorAll<HTMLAnchorElement>('a[href]:not([data-spec-to])')) {
    const address = link.getAttribute('href') ?? '';
    const target = targetOf(address, page);
    link.removeAttribute('target');
    link.removeAttribute('rel');
    if (!target) {
      link.removeAttribute('href');
      continue;
    }
    link.setAttribute(ADDRESS, address);
    if (target.kind === 'outside') {
      link.target = '_blank';
      link.rel = 'noopener noreferrer nofollow';
    } else if (target.kind === 'file') {
      link.href = PageConfig.getUrl({ treePath: target.path });
      link.title ||= target.path;
    }
  }
}
