/** Which buckets and objects there are: in memory to be asked, in a journal to last. */
import { CloudError } from "../errors.ts";
import { Journal } from "./journal.ts";
import type { BucketRecord, ObjectRecord } from "./records.ts";

/** One line of the journal. */
export type Change =
  | { bucket: BucketRecord }
  | { dropBucket: string }
  | { object: ObjectRecord }
  | { dropObject: { bucket: string; name: string } };

/** The index; what it is asked for is answered from memory. */
export class Index {
  readonly buckets = new Map<string, BucketRecord>();
  #objects = new Map<string, Map<string, ObjectRecord>>();
  #journal!: Journal<Change>;
  #generation = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor() {}

  /** Reads the journal and rids it of entries that later ones replaced. */
  static async open(path: string): Promise<Index> {
    const index = new Index();
    let entries = 0;
    index.#journal = await Journal.open<Change>(path, (change) => {
      entries++;
      index.#remember(change);
    });
    const current = [...index.#changes()];
    if (current.length < entries) await index.#journal.rewrite(current);
    return index;
  }

  /** A bucket's objects by name. */
  objects(bucket: string): ReadonlyMap<string, ObjectRecord> {
    const objects = this.#objects.get(bucket);
    if (!objects) throw new CloudError("notFound", "The specified bucket does not exist.");
    return objects;
  }

  /** The files of all objects. */
  files(): Set<string> {
    const all = [...this.#objects.values()].flatMap((objects) => [...objects.values()]);
    return new Set(all.map(({ file }) => file));
  }

  /** A generation that no object had before. */
  nextGeneration(): number {
    return this.#generation = Math.max(this.#generation + 1, Date.now() * 1000);
  }

  /** Runs `work` when all work before it is done: nothing changes between its check and its change. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Makes a change; it is durable once this resolves. Only inside `inTurn`. */
  async apply(change: Change): Promise<void> {
    await this.#journal.append(change);
    this.#remember(change);
  }

  /** Waits for the work under way and closes the journal. */
  async close(): Promise<void> {
    await this.inTurn(() => Promise.resolve(this.#journal.close()));
  }

  #remember(change: Change): void {
    if ("bucket" in change) {
      const { name } = change.bucket;
      this.buckets.set(name, change.bucket);
      if (!this.#objects.has(name)) this.#objects.set(name, new Map());
    } else if ("dropBucket" in change) {
      this.buckets.delete(change.dropBucket);
      this.#objects.delete(change.dropBucket);
    } else if ("object" in change) {
      this.#objects.get(change.object.bucket)?.set(change.object.name, change.object);
      this.#generation = Math.max(this.#generation, change.object.generation);
    } else {
      this.#objects.get(change.dropObject.bucket)?.delete(change.dropObject.name);
    }
  }

  *#changes(): Generator<Change> {
    for (const bucket of this.buckets.values()) yield { bucket };
    for (const objects of this.#objects.values()) {
      for (const object of objects.values()) yield { object };
    }
  }
}
