/** The folder that the book is written to, which holds nothing else. */
import { dirname, join } from "node:path";
import { badInput } from "../../failure.ts";
import { GENERATOR } from "./page.ts";

/**
 * Writes the files in place of those of an earlier run, all or none: they are made in a folder
 * beside it, which is then swapped for the old one.
 *
 * @throws {Failure} If the folder holds anything that was not written this way.
 */
export async function replaceFolder(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const isThere = await checkOwn(folder);
  await Deno.mkdir(dirname(folder), { recursive: true });
  const draft = `${folder}.${crypto.randomUUID()}`;
  try {
    await Deno.mkdir(draft);
    for (const [name, content] of files) await Deno.writeTextFile(join(draft, name), content);
    await swap(folder, draft, isThere);
  } finally {
    await Deno.remove(draft, { recursive: true }).catch(() => {});
  }
}

async function swap(folder: string, draft: string, isThere: boolean): Promise<void> {
  const old = `${draft}.old`;
  if (isThere) await Deno.rename(folder, old);
  try {
    await Deno.rename(draft, folder);
  } catch (error) {
    if (isThere) await Deno.rename(old, folder);
    throw error;
  }
  if (isThere) await Deno.remove(old, { recursive: true });
}

/**
 * Whether the folder is there.
 *
 * @throws {Failure} If it is something else than a folder of the book's pages or an empty one.
 */
export async function checkOwn(folder: string): Promise<boolean> {
  let entries: Deno.DirEntry[];
  try {
    if ((await Deno.lstat(folder)).isDirectory) {
      entries = await Array.fromAsync(Deno.readDir(folder));
    } else {throw badInput(
        `Cannot write the book to ${folder} as it is no folder: name another by --out`,
      );}
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  for (const { name, isFile } of entries) {
    // macOS leaves it in every folder that was looked at.
    if (name === ".DS_Store") continue;
    if (!isFile || !await isPage(join(folder, name))) {
      throw badInput(
        `Cannot write the book to ${folder} as it holds ${name}, which this command did not write: ` +
          "name another folder by --out",
      );
    }
  }
  return true;
}

async function isPage(file: string): Promise<boolean> {
  if (!file.endsWith(".html")) return false;
  return (await Deno.readTextFile(file)).includes(`<meta name="generator" content="${GENERATOR}">`);
}
