/** A list of listeners for values of one kind. */
export class Listeners<Value> {
  private listeners: readonly ((value: Value) => void)[] = [];

  /** Adds a listener; returns a function that removes it. */
  add(listener: (value: Value) => void): () => void {
    const own = (value: Value) => listener(value);
    this.listeners = [...this.listeners, own];
    return () => {
      this.listeners = this.listeners.filter(other => other !== own);
    };
  }

  /** Calls all listeners. As with an event target, an error of one is reported and the others are still called. */
  tell(value: Value): void {
    for (const listener of this.listeners) {
      try {
        listener(value);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
