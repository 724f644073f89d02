import type { Clock } from './clock';

/** What a session takes from the world around it, so that a test can drive it in a time of its own. */
export interface Environment extends Clock {
  /** Milliseconds since 1970. */
  date(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  uuid(): string;
  /** Calls back when the network or the page may have come back to life; returns what ends that. */
  onWake(callback: () => void): () => void;
  /** Calls back when the page may be about to end; returns what ends that. */
  onHide(callback: () => void): () => void;
}

/** The world of a browser page. */
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

/** Milliseconds between two looks at the clock. */
const LOOK_EVERY = 5_000;
/** So much longer than that between two looks, and the machine has slept. */
const SLEPT = 5_000;

/** A machine that wakes tells a visible page nothing; but its clock has jumped. */
function watchForSleep(callback: () => void): () => void {
  let last = Date.now();
  const timer = setInterval(() => {
    const slept = Date.now() - last - LOOK_EVERY;
    last = Date.now();
    if (slept > SLEPT) {
      callback();
    }
  }, LOOK_EVERY);
  return () => clearInterval(timer);
}

/** A random UUID; `crypto.randomUUID` itself is missing where a page came over plain HTTP. */
function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
