/** A file of JSON lines that only grows: what it took is there after any crash. */
import { writeAll, writeWhole } from "./durable.ts";

/** An append-only list of entries on disk. One process at a time may have it open. */
export class Journal<Entry> {
  #path: string;
  #file: Deno.FsFile;
  /** Bytes of whole entries, in the order they were acknowledged. */
  #length: number;

  private constructor(path: string, file: Deno.FsFile, length: number) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  /**
   * Opens the journal, or makes an empty one. An entry that a crash cut short was never
   * acknowledged and is dropped.
   *
   * @param path The file.
   * @param replay Called with each entry, oldest first.
   * @throws {SyntaxError} An entry before the last one, or the only one, is no JSON: it was damaged.
   */
  static async open<Entry>(
    path: string,
    replay: (entry: Entry) => void,
  ): Promise<Journal<Entry>> {
    const file = await Deno.open(path, { create: true, read: true, write: true, mode: 0o600 });
    const text = await Deno.readTextFile(path);
    const length = replayLines(path, text, replay);
    await file.truncate(length);
    return new Journal<Entry>(path, file, length);
  }

  /** Adds an entry; it is durable once this resolves. Calls must not overlap. */
  async append(entry: Entry): Promise<void> {
    const line = new TextEncoder().encode(JSON.stringify(entry) + "\n");
    await this.#file.seek(this.#length, Deno.SeekMode.Start);
    try {
      await writeAll(this.#file, line);
      await this.#file.syncData();
    } catch (error) {
      // A full disk: half a line must not precede the next one.
      await this.#file.truncate(this.#length).catch(() => {});
      throw error;
    }
    this.#length += line.length;
  }

  /** Replaces all entries at once. */
  async rewrite(entries: Iterable<Entry>): Promise<void> {
    let text = "";
    for (const entry of entries) text += JSON.stringify(entry) + "\n";
    await writeWhole(this.#path, text);
    this.#file.close();
    this.#file = await Deno.open(this.#path, { read: true, write: true });
    this.#length = (await this.#file.stat()).size;
  }

  close(): void {
    this.#file.close();
  }
}

/** Gives the entries to `replay` and answers how many bytes of the text are whole entries. */
function replayLines<Entry>(path: string, text: string, replay: (entry: Entry) => void): number {
  let whole = 0;
  const lines = text.split("\n");
  lines.pop();
  for (const [at, line] of lines.entries()) {
    try {
      replay(JSON.parse(line));
    } catch (error) {
      // The last one may have been cut short. One that stands alone may be all that a journal was
      // shortened to: dropping it would lose everything.
      if (at === lines.length - 1 && at > 0 && error instanceof SyntaxError) break;
      throw new SyntaxError(`Cannot read ${path} as a journal: line ${at + 1} is damaged`);
    }
    whole += new TextEncoder().encode(line).length + 1;
  }
  return whole;
}
