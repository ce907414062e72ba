/** Writing that survives a crash: a folder's entries and whole files. */
import { dirname } from "node:path";

/** Makes the creation, renaming and removal of a folder's files durable. */
export async function syncFolder(folder: string): Promise<void> {
  using entries = await Deno.open(folder, { read: true });
  await entries.sync();
}

/**
 * Replaces a file as a whole: whoever looks at any moment, even after a crash, sees the old
 * contents or the new ones. Only the owner may read it.
 */
export async function writeWhole(path: string, contents: string): Promise<void> {
  const next = `${path}.new`;
  {
    using file = await Deno.open(next, { create: true, write: true, truncate: true, mode: 0o600 });
    await writeAll(file, new TextEncoder().encode(contents));
    await file.sync();
  }
  await Deno.rename(next, path);
  await syncFolder(dirname(path));
}

/** Writes every byte: one call of `write` may take fewer than it was given. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}
