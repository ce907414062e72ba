/** A cache of answers that are asked for again and again. Pure but for the clock. */
import { within } from "./answer_error.ts";

/** Options of {@link createCache}. */
export interface CacheOptions {
  /** How many values are kept; the one not asked for the longest goes first. 1 or more. */
  maxEntries: number;
  /** For how long a value is kept after it came, in milliseconds. */
  ttlMs: number;
  /** How long a load may take, in milliseconds. Default 120 000. */
  loadTimeoutMs?: number;
  /** Milliseconds since any moment. Default: those of the system, which never go back. */
  now?: () => number;
}

/** A cache of values by key. */
export interface Cache<Value> {
  /** The value of a key, loaded if it is not kept; who asks meanwhile waits for the same load. */
  get(key: string): Promise<Value>;
  /** Loads the value of a key anew when it is asked for next. */
  forget(key: string): void;
}

interface Entry<Value> {
  value: Promise<Value>;
  /** Nothing before the value came. */
  expires?: number;
}

/**
 * A cache that loads each value once: for a burst of requests, and for those that follow until it
 * expires. "Nothing" is a value too; an error is not kept, and neither is a load that hangs.
 *
 * @param load Finds the value of a key.
 */
export function createCache<Value>(
  load: (key: string) => Promise<Value>,
  options: CacheOptions,
): Cache<Value> {
  const { maxEntries, ttlMs, loadTimeoutMs = 120_000, now = () => performance.now() } = options;
  // A Map keeps the order of insertion: the first is the one not asked for the longest.
  const entries = new Map<string, Entry<Value>>();
  const begin = (key: string): Entry<Value> => {
    const entry: Entry<Value> = { value: within(loadTimeoutMs, load(key)) };
    const drop = () => {
      if (entries.get(key) === entry) entries.delete(key);
    };
    entry.value.then(() => entry.expires = now() + ttlMs, drop);
    return entry;
  };
  return {
    get(key) {
      const kept = entries.get(key);
      const isFresh = kept !== undefined && (kept.expires === undefined || now() < kept.expires);
      const entry = isFresh ? kept : begin(key);
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value!);
      return entry.value;
    },
    forget(key) {
      entries.delete(key);
    },
  };
}
