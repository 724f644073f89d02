/** What had the focus last among cards, and where. */
interface Focused {
  readonly element: Element;
  readonly card: HTMLElement | null;
  /** The place of the card among all. */
  readonly index: number;
}

/**
 * Keeps the focus among the cards in `node` where the element that has it is taken away: the button of what is done, a
 * question that is answered, a card that is closed. What only has another place keeps it; else the card that held it
 * has the focus, or the one that comes in its place; `leave` is called where there is none. Returns a function that ends it.
 *
 * Law (`keptFocus.test.ts`): whatever is taken away, the focus is not lost; where the user has left, it stays where it is.
 */
export function keepFocus(node: HTMLElement, leave: () => void): () => void {
  let last: Focused | null = null;
  let timer = 0;
  const cards = () => [...node.querySelectorAll<HTMLElement>('article.jp-Thread')];
  const focused = ({ target }: FocusEvent) => {
    const element = target as Element;
    const card = element.closest<HTMLElement>('article.jp-Thread');
    last = { element, card, index: card ? cards().indexOf(card) : 0 };
  };
  const left = () => {
    // Some browsers tell of what is taken away, too, as long as it is still there.
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (last?.element.isConnected && last.element !== document.activeElement) {
        last = null;
      }
    });
  };
  const changed = (records: readonly MutationRecord[]) => {
    const { activeElement, body } = document;
    if (last && isTaken(last.element, records) && (!activeElement || activeElement === body)) {
      const { element, card, index } = last;
      last = null;
      const all = cards();
      const next = [element as HTMLElement, card].find(each => each?.isConnected);
      const other = next ?? all[Math.min(index, all.length - 1)];
      if (other) {
        other.focus({ preventScroll: true });
      } else {
        leave();
      }
    }
  };
  node.addEventListener('focusin', focused);
  node.addEventListener('focusout', left);
  const observer = new MutationObserver(changed);
  observer.observe(node, { childList: true, subtree: true });
  return () => {
    window.clearTimeout(timer);
    observer.disconnect();
    node.removeEventListener('focusin', focused);
    node.removeEventListener('focusout', left);
  };
}

/** Whether an element was taken out of the page; it may be in another place of it now. */
function isTaken(element: Element, records: readonly MutationRecord[]): boolean {
  return records.some(({ removedNodes }) =>
    [...removedNodes].some(removed => removed.contains(element))
  );
}
