/** Those who want to hear of something. */
export class Listeners<Value> {
  private listeners: readonly ((value: Value) => void)[] = [];

  /** Returns what ends the subscription. */
  add(listener: (value: Value) => void): () => void {
    const own = (value: Value) => listener(value);
    this.listeners = [...this.listeners, own];
    return () => {
      this.listeners = this.listeners.filter(other => other !== own);
    };
  }

  /** As with an event target, a listener's error is reported and keeps no other from hearing. */
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
