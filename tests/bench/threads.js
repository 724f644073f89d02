/** Measures, in the page, what comments and suggestions cost. Loaded by `threads_bench.py`. */
window.benchThreads = (() => {
  const frame = () => new Promise(requestAnimationFrame);
  /** Calls back when what the next frame has to do is done. */
  const afterFrame = done =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    });
  const idOf = specId => `jupyter-speccollab:${specId}`;
  const widgets = area => [...jupyterapp.shell.widgets(area)];
  const threads = () =>
    widgets('right').find(({ id }) => id === 'jupyter-speccollab:comments').spec.threads;
  return {
    /** Opens a spec; milliseconds until text is drawn, and until a card is, where it has some. */
    async open(specId, hasCards) {
      const found = selector => [
        ...document.querySelectorAll(`[id="${idOf(specId)}"] ${selector}`)
      ];
      const began = performance.now();
      const until = async isThere => {
        while (!isThere()) {
          await frame();
        }
        await frame();
        return performance.now() - began;
      };
      void jupyterapp.commands.execute('speccollab:open', { specId });
      const text = await until(() => found('.cm-line').some(line => line.textContent));
      const hasCard = () => found('.jp-ThreadMargin .jp-Thread').length > 0;
      return [text, hasCards ? await until(hasCard) : 0];
    },
    async close(specId) {
      widgets('main')
        .find(({ id }) => id === idOf(specId))
        .close();
      for (let frames = 0; frames < 30; frames++) {
        await frame();
      }
    },
    /** Resolves when a longer text is drawn, with the milliseconds since 1970. */
    longer(view) {
      const { length } = view.state.doc;
      return new Promise(resolve => {
        const look = () => {
          if (view.state.doc.length > length) {
            resolve(performance.timeOrigin + performance.now());
          } else {
            afterFrame(look);
          }
        };
        afterFrame(look);
      });
    },
    /**
     * Looks after each frame where cards, the lines of their passages and the letters of these are, in pixels of the
     * scrolled text, and counts the cards that moved, and those that moved further than both. Until `isOver` is set.
     */
    watchCards(view) {
      const seen = { frames: 0, moves: 0, jumps: 0, furthest: 0, isOver: false };
      let before = new Map();
      /** Not a number where the letter is not drawn. */
      const letterTop = position => (view.coordsAtPos(position, 1)?.top ?? NaN) - view.documentTop;
      const look = () => {
        const now = new Map();
        for (const card of document.querySelectorAll('.jp-ThreadMargin [data-spec-thread]')) {
          const { specThread } = card.dataset;
          const { range } = threads().find(specThread) ?? {};
          if (range) {
            const top = card.getBoundingClientRect().top - view.documentTop;
            now.set(specThread, [top, view.lineBlockAt(range.start).top, letterTop(range.start)]);
          }
        }
        for (const [id, places] of now) {
          const last = before.get(id) ?? places;
          const [moved, ...passage] = places.map((place, index) => Math.abs(place - last[index]));
          const further = moved - Math.max(...passage.filter(each => !Number.isNaN(each)));
          seen.moves += moved > 1 ? 1 : 0;
          seen.jumps += further > 1 ? 1 : 0;
          seen.furthest = Math.max(seen.furthest, further);
        }
        before = now;
        seen.frames++;
        if (!seen.isOver) {
          afterFrame(look);
        }
      };
      afterFrame(look);
      return seen;
    }
  };
})();
