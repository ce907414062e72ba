/** Contents on their way to becoming an object. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { base64Crc32c, crc32c } from "./crc32c.ts";

/** What is known of contents once they are complete. */
export interface Digest {
  /** Bytes. */
  size: number;
  /** MD5 in base64. */
  md5Hash: string;
  /** CRC32C in base64, most significant byte first. */
  crc32c: string;
}

/**
 * A file that grows by appending and is hashed on the way. It belongs to no object until the store
 * commits it; one that is never committed is removed when the store is next opened.
 */
export class Draft {
  /** The file's generated name inside the store's contents. */
  readonly file: string;
  readonly path: string;
  /** Bytes written so far. */
  size = 0;
  #handle: Deno.FsFile;
  #md5 = createHash("md5");
  #crc = 0;
  #digest?: Digest;

  private constructor(file: string, path: string, handle: Deno.FsFile) {
    this.file = file;
    this.path = path;
    this.#handle = handle;
  }

  /** Starts an empty one in a folder. */
  static async create(folder: string): Promise<Draft> {
    const file = crypto.randomUUID();
    const path = join(folder, file);
    const handle = await Deno.open(path, { createNew: true, write: true, mode: 0o600 });
    return new Draft(file, path, handle);
  }

  /**
   * Appends. The write is synchronous, some 15 µs for 64 KiB: where a request's body comes in pieces
   * (chunked), Deno 2.9 takes milliseconds for each one that is not read at once, which made 500 MB
   * a matter of minutes.
   */
  write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += this.#handle.writeSync(bytes.subarray(done));
    this.#md5.update(bytes);
    this.#crc = crc32c(bytes, this.#crc);
    this.size += bytes.length;
  }

  /** Ends writing: the bytes are on disk once this resolves. Calling it again is harmless. */
  async finish(): Promise<Digest> {
    if (this.#digest) return this.#digest;
    await this.#handle.syncData();
    this.#handle.close();
    return this.#digest = {
      size: this.size,
      md5Hash: this.#md5.digest("base64"),
      crc32c: base64Crc32c(this.#crc),
    };
  }

  /** Throws the contents away. */
  async discard(): Promise<void> {
    if (!this.#digest) this.#handle.close();
    await Deno.remove(this.path).catch(() => {});
  }
}
