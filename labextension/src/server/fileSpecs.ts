import type { Contents } from '@jupyterlab/services';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';

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
 * Law (`specOfFile.test.ts`): a renamed file keeps its spec, and so do the files in a renamed folder.
 */
export class FileSpecs {
  constructor(
    private readonly storage: FileSpecsStorage,
    private readonly contents: Pick<Contents.IManager, 'localPath'>
  ) {}

  /** The id of the spec, which may be gone; `null` if the file has none. */
  async find(path: string): Promise<string | null> {
    return (await this.storage.read())[this.contents.localPath(path)] ?? null;
  }

  async remember(path: string, specId: string): Promise<void> {
    const known = await this.storage.read();
    const local = this.contents.localPath(path);
    if (known[local] !== specId) {
      await this.storage.write({ ...known, [local]: specId });
    }
  }

  /** A file or folder was renamed or moved. */
  async renamed(before: string, after: string): Promise<void> {
    const [old, now] = [before, after].map(path => this.contents.localPath(path));
    const known = await this.storage.read();
    const moved = Object.entries(known).map(([path, specId]) => {
      const isInside = path === old || path.startsWith(`${old}/`);
      return [isInside ? now + path.slice(old.length) : path, specId] as const;
    });
    if (moved.some(([path]) => !(path in known))) {
      await this.storage.write(Object.fromEntries(moved));
    }
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
