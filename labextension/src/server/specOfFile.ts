import { SpecError } from './error';
import type { FileSpecs } from './fileSpecs';
import type { SpecEntry, SpecsApi } from './specs';

/** Answers that mean that a spec is gone, or not for this user. */
const GONE = [403, 404, 410];

/** Finds the spec that belongs to a file or notebook, and remembers a new one. */
export class SpecOfFile {
  private readonly making = new Map<string, Promise<SpecEntry | null>>();

  constructor(
    private readonly files: FileSpecs,
    private readonly specs: Pick<SpecsApi, 'get'>
  ) {}

  /** The spec of a file; `null` if it has none, or none any more that this user may see. */
  async find(path: string): Promise<SpecEntry | null> {
    const specId = await this.files.find(path);
    if (specId === null) {
      return null;
    }
    try {
      return await this.specs.get(specId);
    } catch (error) {
      if (error instanceof SpecError && GONE.includes(error.status)) {
        return null;
      }
      throw error;
    }
  }

  /**
   * The spec of a file, or else the one that `make` makes.
   *
   * Law (`specOfFile.test.ts`): a file becomes one spec, however often and how quickly somebody asks.
   */
  findOrMake(path: string, make: () => Promise<SpecEntry | null>): Promise<SpecEntry | null> {
    const made = this.making.get(path) ?? this.make(path, make);
    this.making.set(path, made);
    const done = () => this.making.delete(path);
    made.then(done, done);
    return made;
  }

  private async make(
    path: string,
    make: () => Promise<SpecEntry | null>
  ): Promise<SpecEntry | null> {
    const known = await this.find(path);
    const entry = known ?? (await make());
    if (entry && !known) {
      await this.files.remember(path, entry.specId);
    }
    return entry;
  }
}
