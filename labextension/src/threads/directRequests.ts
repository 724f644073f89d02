import { asSpecError, SpecError } from '../server/error';
import type { Thread, ThreadsApi } from '../server/threads';
import type { SpecConnection } from '../session';

/** Requests about threads that are of use only now: they are not kept, and reject with {@link SpecError}. */
export class DirectRequests {
  /** The `before` of the next page of closed threads; `null` after the last one. */
  private closedBefore: number | null | undefined;

  /** `take` is called with what the server answers. */
  constructor(
    private readonly connection: Pick<SpecConnection, 'specId' | 'state'>,
    private readonly api: Pick<ThreadsApi, 'get' | 'list' | 'setState'>,
    private readonly take: (threads: readonly Thread[]) => void
  ) {}

  async accept(threadId: string): Promise<void> {
    const { status } = this.connection.state;
    if (status === 'offline' || status === 'connecting') {
      throw new SpecError(SpecError.UNREACHABLE, '');
    }
    await this.ask(async (api, specId) => [await api.setState(specId, threadId, 'accepted')]);
  }

  /** One thread; nothing where there is none. */
  async load(threadId: string): Promise<void> {
    try {
      await this.ask(async (api, specId) => [await api.get(specId, threadId)]);
    } catch (error) {
      if (!(error instanceof SpecError) || error.code !== 'THREAD_NOT_FOUND') {
        throw error;
      }
    }
  }

  get hasMoreClosed(): boolean {
    return this.closedBefore !== null;
  }

  /** The next page of closed threads. */
  async loadClosed(): Promise<void> {
    const before = this.closedBefore;
    if (before !== null) {
      await this.ask(async (api, specId) => {
        const page = await api.list(specId, { state: 'closed', before });
        this.closedBefore = page.nextBefore;
        return page.threads;
      });
    }
  }

  /** What was loaded of closed threads is forgotten. */
  restart(): void {
    this.closedBefore = undefined;
  }

  private async ask(
    request: (api: typeof this.api, specId: string) => Promise<readonly Thread[]>
  ): Promise<void> {
    try {
      this.take(await request(this.api, this.connection.specId));
    } catch (error) {
      throw asSpecError(error);
    }
  }
}
