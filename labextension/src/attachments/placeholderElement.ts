import type { TranslationBundle } from '@jupyterlab/translation';

export interface PlaceholderOptions {
  readonly file: File;
  /** Ends the upload. */
  cancel(): void;
  /** It has become wider or narrower. */
  resized(): void;
  readonly trans: TranslationBundle;
}

/** What stands in the editor for a picture on its way: a small view of it, how far it is, and a way to stop it. */
export class PlaceholderElement {
  readonly node = document.createElement('span');
  private readonly text = document.createElement('span');
  private readonly bar = document.createElement('progress');
  private readonly url: string;
  private readonly resized: () => void;

  constructor({ file, cancel, resized, trans }: PlaceholderOptions) {
    this.resized = resized;
    const { node, text, bar } = this;
    node.className = 'jp-SpecUpload';
    node.contentEditable = 'false';
    const image = document.createElement('img');
    this.url = URL.createObjectURL(file);
    image.src = this.url;
    image.alt = '';
    const name = document.createElement('span');
    name.className = 'jp-SpecUpload-name';
    name.textContent = file.name;
    bar.max = 1;
    bar.setAttribute('aria-label', trans.__('Part of “%1” that is stored', file.name));
    text.className = 'jp-SpecUpload-text';
    text.setAttribute('role', 'status');
    const stop = document.createElement('button');
    stop.type = 'button';
    stop.textContent = '×';
    stop.title = trans.__('Leave out “%1”', file.name);
    stop.setAttribute('aria-label', stop.title);
    // A button must not take the focus out of the text before it is used.
    stop.addEventListener('mousedown', event => event.preventDefault());
    stop.addEventListener('click', cancel);
    node.append(image, name, bar, text, stop);
  }

  /** From 0 to 1. */
  set progress(part: number) {
    this.bar.value = part;
    this.say('');
  }

  /** Says why it does not go on now. */
  set waiting(sentence: string) {
    this.bar.removeAttribute('value');
    this.say(sentence);
  }

  private say(sentence: string): void {
    if (this.text.textContent !== sentence) {
      this.text.textContent = sentence;
      this.resized();
    }
  }

  dispose(): void {
    URL.revokeObjectURL(this.url);
    this.node.remove();
  }
}
