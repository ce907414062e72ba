/** The sample as files: written beside their place first, then renamed, so none is ever half there. */
import { basename, dirname, resolve } from "node:path";
import { createShop } from "./events.ts";
import { CHUNK_ROWS, openParquetWriter, type SamplePaths } from "./parquet.ts";

/** What to make. */
export interface SampleOptions {
  /** 2 to 5 000 000. */
  readonly users: number;
  /** 0 to 2^31 - 1; the same users and seed make the same bytes. */
  readonly seed: number;
  /** Path of the events file; ends in `.parquet`. */
  readonly out: string;
  /** Is told now and then how many users are made. */
  readonly onProgress?: (made: number) => void;
}

/** How many users are made before signals get their turn. */
const USERS_AT_A_TIME = 1000;

/**
 * Writes the events and, beside them, what was planted; see {@linkcode samplePaths}.
 *
 * @throws {Error} If a file cannot be written; nothing is left behind then.
 */
export async function writeSample(options: SampleOptions): Promise<void> {
  const { users, seed, out, onProgress = () => {} } = options;
  const writer = await openParquetWriter(spillFolder(out));
  try {
    const shop = createShop(writer, { seed, chunkRows: CHUNK_ROWS });
    for (let made = 0; made < users;) {
      const next = Math.min(users, made + USERS_AT_A_TIME);
      for (; made < next; made++) shop.nextShopper();
      onProgress(made);
      await new Promise((resume) => setTimeout(resume, 0));
    }
    shop.flush();
    await writer.write(samplePaths(partialPath(out)));
    await rename(out);
  } finally {
    writer.close();
    removePartial(out);
  }
}

/** The three files of a sample, from the path of its events. */
export function samplePaths(events: string): SamplePaths {
  const stem = events.replace(/\.parquet$/, "");
  return {
    events,
    users: `${stem}.planted_users.parquet`,
    products: `${stem}.planted_products.parquet`,
  };
}

/** Removes what an unfinished {@linkcode writeSample} of this process has left beside `out`. */
export function removePartial(out: string): void {
  for (const path of [...Object.values(samplePaths(partialPath(out))), spillFolder(out)]) {
    try {
      Deno.removeSync(path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** The events come last: whoever sees new ones finds what was planted in them, too. */
async function rename(out: string): Promise<void> {
  const partial = samplePaths(partialPath(out));
  const finished = samplePaths(out);
  for (const file of ["products", "users", "events"] as const) {
    await Deno.rename(partial[file], finished[file]);
  }
}

/** Two runs at once must not write into each other's files, so the process id is in the name. */
function partialPath(out: string): string {
  return resolve(dirname(out), `.${basename(out, ".parquet")}.${Deno.pid}.parquet`);
}

function spillFolder(out: string): string {
  return `${partialPath(out)}.spill`;
}
