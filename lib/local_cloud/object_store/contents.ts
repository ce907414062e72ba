/** The files with the objects' contents. */
import { join } from "node:path";
import { CloudError } from "../errors.ts";
import { Draft } from "./draft.ts";

/** Bytes of a file, from `start` to `end`, both included; the whole file where left out. */
export interface ByteRange {
  start?: number;
  end?: number;
}

const CHUNK = 256 * 1024;

/** A folder of files with generated names. A file that an object names never changes. */
export class Contents {
  /** Files that someone reads by path, and how many do. */
  #readers = new Map<string, number>();
  #unwanted = new Set<string>();

  private constructor(readonly folder: string) {}

  /** Opens the folder and removes what a crash left behind. */
  static async open(folder: string, wanted: ReadonlySet<string>): Promise<Contents> {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    for await (const { name } of Deno.readDir(folder)) {
      if (!wanted.has(name)) await Deno.remove(join(folder, name), { recursive: true });
    }
    return new Contents(folder);
  }

  draft(): Promise<Draft> {
    return Draft.create(this.folder);
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  /** A second name for the same bytes, which costs no space where the file system has links. */
  async duplicate(file: string): Promise<string> {
    const copy = crypto.randomUUID();
    await Deno.link(this.path(file), this.path(copy))
      .catch(() => Deno.copyFile(this.path(file), this.path(copy)));
    return copy;
  }

  /** Keeps files from being removed while `use` runs. */
  async keep<T>(files: string[], use: () => Promise<T>): Promise<T> {
    for (const file of files) this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    try {
      return await use();
    } finally {
      for (const file of files) this.#readers.set(file, this.#readers.get(file)! - 1);
      for (const file of files) if (this.#unwanted.has(file)) await this.remove(file);
    }
  }

  /** Removes a file that no object names any more, at once or when its last reader is done. */
  async remove(file: string): Promise<void> {
    if (this.#readers.get(file)) {
      this.#unwanted.add(file);
      return;
    }
    this.#readers.delete(file);
    this.#unwanted.delete(file);
    await Deno.remove(this.path(file)).catch(() => {});
  }

  /** Streams a file. Who has begun to read reads to the end, even if the file is removed. */
  async read(file: string, { start = 0, end = Infinity }: ByteRange = {}) {
    const handle = await Deno.open(this.path(file)).catch(() => {
      throw new CloudError("internalError", "The contents are missing from the data folder");
    });
    await handle.seek(start, Deno.SeekMode.Start);
    let left = end - start + 1;
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const bytes = new Uint8Array(Math.min(CHUNK, Math.max(left, 0)));
        const count = bytes.length === 0 ? null : await handle.read(bytes);
        if (count === null) {
          handle.close();
          controller.close();
          return;
        }
        left -= count;
        controller.enqueue(bytes.subarray(0, count));
      },
      cancel: () => handle.close(),
    }, { highWaterMark: 0 });
  }
}
