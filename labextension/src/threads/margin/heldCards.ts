/** The cards that are in the page, and how high cards were when they were there. */
export class HeldCards {
  private readonly nodes = new Map<string, HTMLElement>();
  private readonly ids = new WeakMap<Element, string>();
  private readonly heights = new Map<string, number>();
  private readonly observer: ResizeObserver | null;

  /** Calls `resized` when a card, or `around`, has another size. */
  constructor(
    around: Element,
    private readonly resized: () => void
  ) {
    this.observer =
      typeof ResizeObserver === 'undefined'
        ? null
        : new ResizeObserver(entries => this.measured(entries));
    this.observer?.observe(around);
  }

  dispose(): void {
    this.observer?.disconnect();
  }

  /** A card is in the page now; `null`: it is not any more. */
  hold(id: string, node: HTMLElement | null): void {
    const before = this.nodes.get(id);
    if (before) {
      this.observer?.unobserve(before);
      this.nodes.delete(id);
    }
    if (node) {
      this.nodes.set(id, node);
      this.ids.set(node, id);
      this.observer?.observe(node);
    }
  }

  node(id: string): HTMLElement | undefined {
    return this.nodes.get(id);
  }

  /** Pixels; `undefined` for a card that was never measured. */
  heightOf(id: string): number | undefined {
    return this.heights.get(id);
  }

  /** The id of the card that has the focus. */
  get focused(): string | null {
    for (const [id, node] of this.nodes) {
      if (node.contains(document.activeElement)) {
        return id;
      }
    }
    return null;
  }

  private measured(entries: readonly ResizeObserverEntry[]): void {
    let isOther = false;
    for (const { target } of entries) {
      const id = this.ids.get(target);
      const height = (target as HTMLElement).offsetHeight;
      if (id === undefined) {
        isOther = true;
      } else if (height > 0 && this.heights.get(id) !== height) {
        this.heights.set(id, height);
        isOther = true;
      }
    }
    if (isOther) {
      this.resized();
    }
  }
}
