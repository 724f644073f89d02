/** Milliseconds after which the page that was printed goes, where the browser doesn't tell that it was. */
const GONE_AFTER = 600_000;

/** Prints a page that {@link exportPage} made, from a frame that nobody sees and in which nothing runs. */
export function printPage(html: string, title: string): void {
  const frame = document.createElement('iframe');
  frame.className = 'jp-SpecPrint';
  frame.title = title;
  frame.setAttribute('sandbox', 'allow-same-origin allow-modals');
  frame.setAttribute('aria-hidden', 'true');
  const remove = () => frame.remove();
  frame.addEventListener('load', () => {
    const page = frame.contentWindow;
    page?.addEventListener('afterprint', () => setTimeout(remove));
    page?.focus();
    page?.print();
    setTimeout(remove, GONE_AFTER);
  });
  frame.srcdoc = html;
  document.body.append(frame);
}
