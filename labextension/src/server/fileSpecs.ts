import type { Contents } from '@jupyterlab/services';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { JSONExt } from '@lumino/coreutils';

type Belongings = Readonly<Record<string, string>>;

/** The name of the setting. */
const NAME = 'specs';

/** Where {@link FileSpecs} keeps what it remembers. */
export interface FileSpecsStorage {
  /** As it is now, also where another page has changed it. */
  read(): Promise<Belongings>;
  write(belongings: Belongings): Promise<void>;
}

/**
 * Remembers which spec belongs to a file or a notebook of the workspace, by its path.
 *
 * Law (`specOfFile.test.ts`): a renamed file keeps its spec, and so do the files in a renamed folder, also when several
 * are moved at once.
 */
export class FileSpecs {
  /** The last change, settled or not: each begins with what the one before has written. */
  private lastChange: Promise<void> = Promise.resolve();

  constructor(
    private readonly storage: FileSpecsStorage,
    private readonly contents: Pick<Contents.IManager, 'localPath'>
  ) {}

  /** The id of the spec, which may be gone; `null` if the file has none. */
  async find(path: string): Promise<string | null> {
    return (await this.storage.read())[this.contents.localPath(path)] ?? null;
  }

  remember(path: string, specId: string): Promise<void> {
    const local = this.contents.localPath(path);
    return this.change(known => ({ ...known, [local]: specId }));
  }

  /** A file or folder was renamed or moved. */
  renamed(before: string, after: string): Promise<void> {
    const [old, now] = [before, after].map(path => this.contents.localPath(path));
    const isMoved = (path: string) => path === old || path.startsWith(`${old}/`);
    return this.change(known =>
      Object.fromEntries(
        Object.entries(known).map(([path, specId]) => [
          isMoved(path) ? now + path.slice(old.length) : path,
          specId
        ])
      )
    );
  }

  /** Writes what `changed` makes of all that is known, if that is something else. */
  private change(changed: (known: Belongings) => Belongings): Promise<void> {
    const made = this.lastChange.then(async () => {
      const known = await this.storage.read();
      const now = changed(known);
      if (!JSONExt.deepEqual(now, known)) {
        await this.storage.write(now);
      }
    });
    this.lastChange = made.catch(() => undefined);
    return made;
  }
}

/**
 * Keeps it among the settings of the Jupyter server, which has the files too: so it is the same in every window,
 * workspace and browser. Without settings the page remembers it.
 */
export function fileSpecsStorage(
  settings: ISettingRegistry | null,
  pluginId: string
): FileSpecsStorage {
  let ofPage: Belongings = {};
  return {
    async read() {
      const loaded = await settings?.reload(pluginId);
      return { ...(loaded?.get(NAME).composite as Belongings | undefined), ...ofPage };
    },
    async write(belongings) {
      if (settings) {
        await settings.set(pluginId, NAME, { ...belongings });
      } else {
        ofPage = belongings;
      }
    }
  };
}
