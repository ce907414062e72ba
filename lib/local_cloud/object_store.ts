/**
 * Buckets and objects on disk.
 *
 * A name that comes from outside never becomes a path: contents lie in files with generated names,
 * and a journal says which file is which object. Contents are on disk before the journal names them,
 * so a crash leaves the old object or the new one; a file that nobody names goes at the next opening.
 */
import { join } from "node:path";
import { CloudError, notFound } from "./errors.ts";
import * as buckets from "./object_store/buckets.ts";
import { type ByteRange, Contents } from "./object_store/contents.ts";
import type { Digest, Draft } from "./object_store/draft.ts";
import { syncFolder } from "./object_store/durable.ts";
import { Index } from "./object_store/index.ts";
import { type ListOptions, listPage } from "./object_store/listing.ts";
import { checkObjectName, parseUri } from "./object_store/names.ts";
import type {
  BucketRecord,
  Conditions,
  ObjectDetails,
  ObjectPage,
  ObjectPlace,
  ObjectRecord,
  ResolvedObject,
  Settings,
} from "./object_store/records.ts";
import { checkConditions, merged } from "./object_store/records.ts";

export type * from "./object_store/records.ts";
export type { ByteRange, Draft, ListOptions };

/** The store. One process at a time may have a folder open. */
export class ObjectStore {
  #index: Index;
  #contents: Contents;

  private constructor(index: Index, contents: Contents) {
    this.#index = index;
    this.#contents = contents;
  }

  /** Opens the store in a folder, which is made where it is missing. */
  static async open(folder: string): Promise<ObjectStore> {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const index = await Index.open(join(folder, "index.jsonl"));
    return new ObjectStore(index, await Contents.open(join(folder, "contents"), index.files()));
  }

  /** The folder with all contents and nothing else. */
  get folder(): string {
    return this.#contents.folder;
  }

  /** @throws {CloudError} `invalid` name, or `duplicate`. */
  createBucket(name: string, settings: Settings = {}): Promise<BucketRecord> {
    return buckets.createBucket(this.#index, name, settings);
  }

  getBucket(name: string): BucketRecord {
    return buckets.getBucket(this.#index, name);
  }

  listBuckets(): BucketRecord[] {
    return buckets.listBuckets(this.#index);
  }

  /** Changes a bucket's settings by a merge patch. */
  updateBucket(name: string, patch: Settings, conditions: Conditions = {}): Promise<BucketRecord> {
    return buckets.updateBucket(this.#index, name, patch, conditions);
  }

  /** @throws {CloudError} `notFound`, or 409 where it still has objects. */
  deleteBucket(name: string, conditions: Conditions = {}): Promise<void> {
    return buckets.deleteBucket(this.#index, name, conditions);
  }

  /** Contents that are no object yet: `commit` makes them one, or the caller discards them. */
  draft(): Promise<Draft> {
    return this.#contents.draft();
  }

  /** Makes a draft the contents of an object, in place of what had the name; else discards it. */
  async commit(
    place: ObjectPlace,
    draft: Draft,
    details: ObjectDetails = {},
    conditions: Conditions = {},
  ): Promise<ObjectRecord> {
    try {
      const digest = await draft.finish();
      return await this.#replace(place, { ...digest, file: draft.file, details }, conditions);
    } catch (error) {
      await draft.discard();
      throw error;
    }
  }

  /** Stores bytes, at once or from a stream, as an object. */
  async put(
    bucket: string,
    name: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    details: ObjectDetails = {},
    conditions: Conditions = {},
  ): Promise<ObjectRecord> {
    this.checkPlace({ bucket, name }, conditions);
    const draft = await this.draft();
    try {
      if (body instanceof Uint8Array) draft.write(body);
      else for await (const bytes of body) draft.write(bytes);
    } catch (error) {
      await draft.discard();
      throw error;
    }
    return await this.commit({ bucket, name }, draft, details, conditions);
  }

  /** Throws what writing an object there now would throw. */
  checkPlace({ bucket, name }: ObjectPlace, conditions: Conditions): void {
    checkObjectName(name);
    this.getBucket(bucket);
    checkConditions(this.#index.objects(bucket).get(name), conditions);
  }

  /**
   * What is known of an object.
   *
   * @param generation Asks for this one, which only the current one can be.
   * @throws {CloudError} `notFound`.
   */
  stat(bucket: string, name: string, generation?: number): ObjectRecord {
    const object = this.#index.objects(bucket).get(name);
    if (!object || (generation ?? object.generation) !== object.generation) {
      throw new CloudError("notFound", `No such object: ${bucket}/${name}`);
    }
    return object;
  }

  /** Streams an object's contents, or a part of them. */
  read({ file }: ObjectRecord, range: ByteRange = {}): Promise<ReadableStream> {
    return this.#contents.read(file, range);
  }

  /** One page of a bucket's objects, by name. */
  list(bucket: string, options: ListOptions = {}): ObjectPage {
    const objects = this.#index.objects(bucket);
    const { names, ...page } = listPage([...objects.keys()].sort(), options);
    return { ...page, objects: names.map((name) => objects.get(name)!) };
  }

  /** Changes an object's details by a merge patch. */
  update(place: ObjectPlace, patch: object, conditions: Conditions = {}): Promise<ObjectRecord> {
    return this.#index.inTurn(async () => {
      const current = this.stat(place.bucket, place.name);
      checkConditions(current, conditions);
      const object = {
        ...current,
        metageneration: current.metageneration + 1,
        details: merged(current.details, patch),
        updated: new Date().toISOString(),
      };
      await this.#index.apply({ object });
      return object;
    });
  }

  /** @throws {CloudError} `notFound`. */
  async delete(bucket: string, name: string, conditions: Conditions = {}): Promise<void> {
    const { file } = await this.#index.inTurn(async () => {
      const object = this.stat(bucket, name);
      checkConditions(object, conditions);
      await this.#index.apply({ dropObject: { bucket, name } });
      return object;
    });
    await this.#contents.remove(file);
  }

  /** Makes an object of another one's contents; its details too, where none are given. */
  async copy(
    source: ObjectRecord,
    place: ObjectPlace,
    details: ObjectDetails = source.details,
    conditions: Conditions = {},
  ): Promise<ObjectRecord> {
    this.checkPlace(place, conditions);
    const { size, md5Hash, crc32c } = source;
    const file = await this.#contents.duplicate(source.file);
    try {
      return await this.#replace(place, { size, md5Hash, crc32c, file, details }, conditions);
    } catch (error) {
      await this.#contents.remove(file);
      throw error;
    }
  }

  /**
   * The objects that a `gs://bucket/name` with at most one `*` names, by name. Their files may go
   * when the objects are replaced; {@link withFiles} keeps them.
   *
   * @throws {CloudError} `invalid` URI, or `notFound` where it names none.
   */
  resolve(uri: string): Promise<ResolvedObject[]> {
    return Promise.resolve().then(() => this.#find(uri).map((object) => this.#resolved(object)));
  }

  /** {@link resolve}, for as long as `use` runs: whatever happens to the objects, files stay. */
  async withFiles<T>(uri: string, use: (files: ResolvedObject[]) => Promise<T>): Promise<T> {
    const found = this.#find(uri);
    const files = found.map(({ file }) => file);
    return await this.#contents.keep(files, () => use(found.map((one) => this.#resolved(one))));
  }

  /** Waits for changes under way, then closes the journal. */
  close(): Promise<void> {
    return this.#index.close();
  }

  #find(uri: string): ObjectRecord[] {
    const { bucket, matches } = parseUri(uri);
    const objects = this.#index.buckets.has(bucket) ? this.#index.objects(bucket) : undefined;
    const found = [...objects?.values() ?? []].filter(({ name }) => matches(name));
    if (found.length === 0) throw notFound(`URI ${uri}`);
    return found.sort((a, b) => a.name < b.name ? -1 : 1);
  }

  #resolved({ bucket, name, file, size }: ObjectRecord): ResolvedObject {
    return { path: this.#contents.path(file), name, size, uri: `gs://${bucket}/${name}` };
  }

  /** The contents are in the folder already: names them, then removes those they replace. */
  async #replace(
    place: ObjectPlace,
    contents: Digest & { file: string; details: ObjectDetails },
    conditions: Conditions,
  ): Promise<ObjectRecord> {
    await syncFolder(this.folder);
    const [object, before] = await this.#index.inTurn(async () => {
      this.checkPlace(place, conditions);
      const before = this.#index.objects(place.bucket).get(place.name);
      const generation = this.#index.nextGeneration();
      const created = new Date().toISOString();
      const times = { created, updated: created };
      const object = { ...place, generation, metageneration: 1, ...contents, ...times };
      await this.#index.apply({ object });
      return [object, before];
    });
    if (before) await this.#contents.remove(before.file);
    return object;
  }
}
