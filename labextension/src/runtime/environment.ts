import type { Clock } from './clock';

/** Time, randomness, ids and page events, as an interface so that tests can control them. */
export interface Environment extends Clock {
  /** Milliseconds since 1970. */
  date(): number;
  /** A number from 0 up to but not including 1. */
  random(): number;
  uuid(): string;
  /** Calls back when the network or the page may have become active again; returns a function that unsubscribes. */
  onWake(callback: () => void): () => void;
  /** Calls back when the browser says that it has lost the network; returns a function that unsubscribes. */
  onNetworkLost(callback: () => void): () => void;
  /** Calls back when the page may be about to close; returns a function that unsubscribes. */
  onHide(callback: () => void): () => void;
}

/** The environment of a browser page. */
export const browserEnvironment: Environment = {
  now: () => performance.now(),
  date: () => Date.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  uuid: newUuid,
  onWake(callback) {
    const becameVisible = () => {
      if (document.visibilityState === 'visible') {
        callback();
      }
    };
    const stopWatching = watchForSleep(callback);
    window.addEventListener('online', callback);
    window.addEventListener('pageshow', callback);
    document.addEventListener('visibilitychange', becameVisible);
    return () => {
      stopWatching();
      window.removeEventListener('online', callback);
      window.removeEventListener('pageshow', callback);
      document.removeEventListener('visibilitychange', becameVisible);
    };
  },
  onNetworkLost(callback) {
    window.addEventListener('offline', callback);
    return () => window.removeEventListener('offline', callback);
  },
  onHide(callback) {
    const becameHidden = () => {
      if (document.visibilityState === 'hidden') {
        callback();
      }
    };
    window.addEventListener('pagehide', callback);
    document.addEventListener('visibilitychange', becameHidden);
    return () => {
      window.removeEventListener('pagehide', callback);
      document.removeEventListener('visibilitychange', becameHidden);
    };
  }
};

/** Milliseconds between two readings of the clock. */
const CHECK_INTERVAL = 5_000;
/** If a reading is late by more than this many milliseconds, the machine was asleep. */
const SLEEP_THRESHOLD = 5_000;

/** Calls back when the machine wakes. A visible page gets no event then, but its clock jumps. */
function watchForSleep(callback: () => void): () => void {
  let last = Date.now();
  const timer = setInterval(() => {
    const delay = Date.now() - last - CHECK_INTERVAL;
    last = Date.now();
    if (delay > SLEEP_THRESHOLD) {
      callback();
    }
  }, CHECK_INTERVAL);
  return () => clearInterval(timer);
}

/** A random UUID; `crypto.randomUUID` is missing in pages that were loaded over HTTP. */
function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
