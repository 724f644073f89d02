/** The name by which the style knows text that is shown as deleted. */
const NAME = 'speccollab-deleted';

/**
 * Shows text of the page as deleted, without a change of the page; a browser without highlights shows it as before.
 * Returns a function that ends it.
 */
export function strike(range: Range): () => void {
  if (typeof Highlight === 'undefined') {
    return () => undefined;
  }
  const { highlights } = CSS;
  const struck = highlights.get(NAME) ?? new Highlight();
  highlights.set(NAME, struck);
  struck.add(range);
  return () => {
    struck.delete(range);
  };
}
