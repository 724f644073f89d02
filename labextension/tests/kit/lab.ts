/** What JupyterLab's packages need of a browser and jsdom lacks. To be imported before them. */

globalThis.DragEvent ??= class extends MouseEvent {} as typeof DragEvent;
window.matchMedia ??= query =>
  Object.assign(new EventTarget(), {
    matches: false,
    media: query,
    // The older form, with which JupyterLab's toolbar buttons listen.
    addListener: () => undefined,
    removeListener: () => undefined
  }) as unknown as MediaQueryList;
window.requestIdleCallback ??= run =>
  window.setTimeout(run, 0, { didTimeout: false, timeRemaining: () => 0 });
window.cancelIdleCallback ??= id => window.clearTimeout(id);

export {};
