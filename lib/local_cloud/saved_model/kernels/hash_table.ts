/** Tables that a graph looks keys up in. */
import type { DType, Tensor } from "../tensor.ts";
import { type Indexed, newTensor, readable, writable } from "./elements.ts";
import { invalid } from "./invalid.ts";

/** A key or a value: text, number or int64. */
export type Entry = string | number | bigint;

/** Keys with one value each. */
export class HashTable {
  readonly kind = "table";
  readonly entries = new Map<Entry, Entry>();
  #isFilled = false;

  constructor(readonly keys: DType, readonly values: DType, private readonly isMutable: boolean) {}

  /**
   * Fills the table, once if it is not mutable.
   *
   * @throws {CloudError} `invalid`, for other types or for a key with two values.
   */
  fill(keys: Tensor, values: Tensor): void {
    if (keys.dtype !== this.keys || values.dtype !== this.values) {
      throw invalid(`A table of ${this.keys} to ${this.values} cannot be filled from others`);
    }
    if (keys.values.length !== values.values.length) {
      throw invalid("A table must be filled with as many values as keys");
    }
    if (this.#isFilled && !this.isMutable) return;
    this.#isFilled = true;
    const [from, to] = [readable<Entry>(keys), readable<Entry>(values)];
    for (let i = 0; i < from.length; i++) this.#add(from[i], to[i]);
  }

  #add(key: Entry, value: Entry): void {
    const before = this.entries.get(key);
    if (before !== undefined && before !== value && !this.isMutable) {
      throw invalid(`A table cannot have two values of the key ${key}`);
    }
    this.entries.set(key, value);
  }

  /**
   * The values of keys, `otherwise` for those that are not there.
   *
   * @throws {CloudError} `invalid`, for other types.
   */
  find(keys: Tensor, otherwise: Tensor): Tensor {
    if (keys.dtype !== this.keys || otherwise.dtype !== this.values) {
      throw invalid(`A table of ${this.keys} to ${this.values} cannot be asked with others`);
    }
    if (otherwise.values.length !== 1) throw invalid("A table needs one default value");
    const none = readable<Entry>(otherwise)[0];
    const out = newTensor(this.values, keys.shape);
    const [from, to]: Indexed<Entry>[] = [readable(keys), writable(out)];
    for (let i = 0; i < from.length; i++) to[i] = this.entries.get(from[i]) ?? none;
    return out;
  }
}
