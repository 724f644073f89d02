import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Content } from '../../preview/blocks';
import { type PictureAddresses, Pictures } from '../../preview/pictures';
import { BlockRenderer } from '../../preview/renderer';
import type { KnownPeople } from '../knownPeople';
import { asRead, mentionsIn } from '../mentions';

export interface BodiesOptions {
  readonly rendermime: IRenderMimeRegistry;
  readonly pictures: PictureAddresses;
  readonly trans: TranslationBundle;
  /** Who can be mentioned. */
  readonly people: Pick<KnownPeople, 'all' | 'changed'>;
  /** The reader's userId. */
  me(): string;
}

/** A message as it is rendered. */
export interface SourceOfBody {
  readonly messageId: string;
  readonly body: string;
  readonly mentions: readonly string[];
}

interface Rendered {
  readonly source: SourceOfBody;
  readonly host: HTMLElement;
}

/** How many rendered messages are kept. */
const MOST = 300;
const MENTION = 'jp-ThreadBody-mention';
/** Elements in which an `@` mentions nobody or is marked already, or whose text is not the message's. */
const NO_MENTIONS = `a, code, pre, button, mjx-container, .${MENTION}`;

/**
 * What people wrote in threads, rendered as the preview of a spec renders its text: by JupyterLab, without what could
 * run, and without fetching anything from elsewhere before somebody asks for it.
 *
 * Law (`bodies.test.ts`): of hostile texts nothing stays that the preview would not have.
 */
export class Bodies {
  private readonly renderer: BlockRenderer;
  /** Formulas are set here. */
  private readonly stage = document.createElement('div');
  /** By message, the one that was wanted last at the end. */
  private readonly kept = new Map<string, Rendered>();
  private readonly stopListening: () => void;
  private isDisposed = false;

  constructor(private readonly options: BodiesOptions) {
    const { rendermime, pictures, trans, people } = options;
    this.renderer = new BlockRenderer({
      rendermime,
      pictures: new Pictures(pictures, trans),
      trans
    });
    this.renderer.onWanted = line => this.renderAgain(line);
    this.stage.className = 'jp-Threads-stage jp-RenderedHTMLCommon';
    this.stage.setAttribute('aria-hidden', 'true');
    this.stopListening = people.changed.add(() =>
      this.kept.forEach(({ host, source }) => this.markMentions(host, source.mentions))
    );
  }

  dispose(): void {
    this.isDisposed = true;
    this.stopListening();
    this.stage.remove();
    this.kept.clear();
  }

  /** The element with a message that was rendered before; `null` if it was not. */
  known(source: SourceOfBody): HTMLElement | null {
    const { messageId, body, mentions } = source;
    const found = this.kept.get(messageId);
    if (found?.source.body !== body) {
      return null;
    }
    const { host } = found;
    if (mentions.join() !== found.source.mentions.join()) {
      this.kept.set(messageId, { source, host }); // the server has told whom an own message mentions
      this.markMentions(host, mentions);
    }
    return host;
  }

  /** The element with a rendered message: the same one, until the message is another. */
  async render(source: SourceOfBody): Promise<HTMLElement> {
    const known = this.known(source);
    if (known) {
      return known;
    }
    const host = document.createElement('div');
    await this.fill(host, source.body);
    this.markMentions(host, source.mentions);
    this.kept.delete(source.messageId);
    this.kept.set(source.messageId, { source, host });
    for (const oldest of [...this.kept.keys()].slice(0, Math.max(0, this.kept.size - MOST))) {
      this.kept.delete(oldest);
    }
    return host;
  }

  private async fill(host: HTMLElement, body: string): Promise<void> {
    if (!this.stage.isConnected && !this.isDisposed) {
      document.body.append(this.stage);
    }
    const rendered = await this.rendered(body);
    rendered.querySelectorAll('input').forEach(box => (box.disabled = true));
    host.replaceChildren(...rendered.childNodes);
  }

  private async rendered(body: string): Promise<HTMLElement> {
    try {
      return await this.renderer.render(contentOf(body, 'markdown'), this.stage);
    } catch (error) {
      console.error('A message could not be rendered.', error);
      return this.renderer.render(contentOf(body, 'plain'), this.stage);
    }
  }

  /** The reader wants to see what was held back in a message. */
  private renderAgain(line: HTMLElement): void {
    for (const { host, source } of this.kept.values()) {
      if (host.contains(line)) {
        this.fill(host, source.body).then(
          () => this.markMentions(host, source.mentions),
          (error: unknown) => console.error(error)
        );
      }
    }
  }

  private markMentions(host: HTMLElement, mentioned: readonly string[]): void {
    const people = this.options.people.all.filter(({ userId }) => mentioned.includes(userId));
    if (people.length === 0) {
      return;
    }
    const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT, {
      acceptNode: node =>
        node.parentElement?.closest(NO_MENTIONS)
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT
    });
    const texts: Text[] = [];
    while (walker.nextNode()) {
      texts.push(walker.currentNode as Text);
    }
    for (const text of texts) {
      for (const { from, to, person } of [...mentionsIn(text.data, people)].reverse()) {
        const mention = document.createElement('span');
        const isMe = person.userId === this.options.me();
        mention.className = `${MENTION}${isMe ? ' jp-mod-me' : ''}`;
        mention.title = person.userName;
        const words = text.splitText(from);
        words.splitText(to - from);
        words.replaceWith(mention);
        mention.append(asRead(words.data));
      }
    }
  }
}

function contentOf(source: string, form: Content['form']): Content {
  return {
    key: source,
    source,
    form,
    isContinued: false,
    notes: new Map(),
    height: 0,
    footnotes: []
  };
}
