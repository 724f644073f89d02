import { isMode, type PreviewMode } from './mode';

type Store = Pick<Storage, 'getItem' | 'setItem'>;

const MODES_KEY = 'jupyter-speccollab:preview-modes';
const SHARE_KEY = 'jupyter-speccollab:preview-share';
const TOGETHER_KEY = 'jupyter-speccollab:scroll-together';
/** For how many specs the choice is kept. */
const MOST = 200;

/** What the user has chosen for previews, kept in this browser. */
export class PreviewMemory {
  constructor(private readonly storage: Store) {}

  /** What was chosen for a spec; `null` if nothing was. */
  modeOf(specId: string): PreviewMode | null {
    const mode = this.modes().find(([id]) => id === specId)?.[1];
    return isMode(mode) ? mode : null;
  }

  setMode(specId: string, mode: PreviewMode): void {
    const others = this.modes().filter(([id]) => id !== specId);
    this.write(MODES_KEY, [...others, [specId, mode]].slice(-MOST));
  }

  /** The share of the width that the source has beside the preview. */
  get share(): number {
    const share = this.read(SHARE_KEY);
    return typeof share === 'number' && share > 0.1 && share < 0.9 ? share : 0.5;
  }

  set share(share: number) {
    this.write(SHARE_KEY, share);
  }

  get scrollsTogether(): boolean {
    return this.read(TOGETHER_KEY) !== false;
  }

  set scrollsTogether(isOn: boolean) {
    this.write(TOGETHER_KEY, isOn);
  }

  private modes(): [string, unknown][] {
    const kept = this.read(MODES_KEY);
    return Array.isArray(kept) ? (kept.filter(Array.isArray) as [string, unknown][]) : [];
  }

  private read(key: string): unknown {
    try {
      return JSON.parse(this.storage.getItem(key) ?? 'null') as unknown;
    } catch {
      return null; // denied, or written by something else
    }
  }

  private write(key: string, value: unknown): void {
    try {
      this.storage.setItem(key, JSON.stringify(value));
    } catch {
      // Denied or full: it holds as long as the page is open.
    }
  }
}
