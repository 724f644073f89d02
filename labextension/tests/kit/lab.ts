/** What JupyterLab's packages need of a browser and jsdom lacks. To be imported before them. */

globalThis.DragEvent ??= class extends MouseEvent {} as typeof DragEvent;
window.matchMedia ??= query =>
  Object.assign(new EventTarget(), { matches: false, media: query }) as MediaQueryList;

export {};
