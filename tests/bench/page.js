/** Measures, in the page, how long a key waits for the next frame that is drawn. Loaded by `page.py`. */
window.benchKeys = (() => {
  let times = [];
  const drawn = began => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => times.push(performance.now() - began);
    channel.port2.postMessage(null);
  };
  document.addEventListener(
    'keydown',
    event => requestAnimationFrame(() => drawn(event.timeStamp)),
    true
  );
  return {
    take() {
      const taken = times;
      times = [];
      return taken;
    }
  };
})();

/** Edits the file that is open, as `writers.py` does a spec. */
window.benchEdits = (() => {
  const RUN = 60;
  const WORDS = 'the limit of each call is **told** to `all` who ask for it, and kept as it was; ';
  const places = Array.from({ length: 9 }, () => ({ at: 0, typed: RUN }));
  let timer = null;
  let left = 0;
  const model = () => jupyterapp.shell.currentWidget.content.model.sharedModel;
  const type = place => {
    const { length } = jupyterapp.shell.currentWidget.content.editor.editor.state.doc;
    if (place.typed === RUN) {
      place.at = Math.floor(Math.random() * (length + 1));
      place.typed = 0;
    }
    const position = Math.min(length, place.at + place.typed);
    if (place.typed && position > 0 && Math.random() < 0.05) {
      place.typed--;
      model().updateSource(position - 1, position, '');
    } else {
      place.typed++;
      const letter = place.typed % 7 ? WORDS[Math.floor(Math.random() * WORDS.length)] : ' ';
      model().updateSource(position, position, letter);
    }
  };
  return {
    get isDone() {
      return left <= 0;
    },
    get left() {
      return left;
    },
    start({ edits, pace }) {
      left = edits ?? Infinity;
      let next = 0;
      const one = () => {
        type(places[next++ % places.length]);
        left--;
      };
      if (pace) {
        timer = setInterval(() => (left > 0 ? one() : undefined), 1000 / pace);
      } else {
        const some = () => {
          for (let count = 0; count < 50 && left > 0; count++) {
            one();
          }
          timer = left > 0 ? setTimeout(some, 0) : null;
        };
        some();
      }
    },
    stop() {
      clearInterval(timer);
      clearTimeout(timer);
      left = 0;
    }
  };
})();

/** Measures, in the page, how soon a preview shows something. */
window.benchPreview = (() => {
  const OURS = '.jp-SpecPreview';
  const SHOWN = `${OURS} .jp-SpecPreview-block > *, .jp-MarkdownViewer .jp-RenderedMarkdown > *`;
  const frame = () => new Promise(requestAnimationFrame);
  /** Until `isThere()` is true in a frame that is drawn; the milliseconds that it takes. */
  const until = async (isThere, began) => {
    while (!isThere()) {
      await frame();
    }
    await frame();
    return performance.now() - began;
  };
  return {
    async first(open) {
      const began = performance.now();
      await open();
      return until(() => document.querySelector(SHOWN) !== null, began);
    },
    /** Writes a word at the caret, in what the view shows. */
    async changed(view, word) {
      const began = performance.now();
      const { head } = view.state.selection.main;
      view.dispatch({ changes: { from: head, insert: word }, selection: { anchor: head + word.length } });
      const shown = () => document.querySelector(`${OURS}, .jp-MarkdownViewer`).textContent.includes(word);
      return until(shown, began);
    }
  };
})();
