/**
 * The folder that a local cloud lives in, and which server it belongs to.
 *
 * ```text
 * DATA/               only the owner may enter
 *   format.json       which version of this layout it is
 *   objects/          buckets: index.jsonl, and contents/ under generated names
 *   warehouse/        datasets, tables, models
 *   vertex/           models, endpoints and operations of Vertex AI
 *   server.lock       locked by the server for as long as it lives, however it ends
 *   server.json       where the server listens; says nothing unless the lock is held
 *   server.log        what a server in the background printed
 *   start.lock        locked by whoever starts a server
 * ```
 */
import { join } from "node:path";
import { writeWhole } from "./object_store/durable.ts";

/** Why a local cloud cannot be started, found or stopped, in one sentence for the person. */
export class StartError extends Error {
  override name = "StartError";
}

/** What a server says of itself in `server.json`. */
export interface ServerState {
  url: string;
  port: number;
  pid: number;
  /** Tells this server from every other one. */
  id: string;
  /** Whoever can read it may stop the server. */
  token: string;
  /** RFC 3339. */
  started: string;
}

const FORMAT = 1;
const OWN_FILES = /^(objects|vertex|warehouse|(format|server|start)\..+)$/;
const LOCK_TRIES = 20;
const LOCK_PAUSE_MS = 25;

/** Resolves after some milliseconds. */
export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * Makes the folder, or checks one that is there.
 *
 * @throws {StartError} It cannot be made, holds something else, or is of a newer version.
 */
export async function prepareFolder(path: string): Promise<void> {
  await orSay(path, async () => {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    const format = await readJson<{ format: number }>(join(path, "format.json"));
    if (format) return checkFormat(path, format.format);
    for await (const { name } of Deno.readDir(path)) {
      if (!OWN_FILES.test(name)) throw new Error(`it holds other files, such as ${name}`);
    }
  });
}

async function orSay<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StartError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(`Cannot keep data in ${path}: ${why}`);
  }
}

function checkFormat(path: string, format: number): void {
  if (format <= FORMAT) return;
  throw new StartError(
    `Cannot open ${path} as a newer version of the local cloud made it: ` +
      `its format is ${format}, this version knows up to ${FORMAT}`,
  );
}

/**
 * Takes a prepared folder for this process; the lock ends with the process, however it ends.
 *
 * @returns The lock to close, or undefined where another server holds it.
 * @throws {StartError} The folder cannot be written to.
 */
export async function claimFolder(path: string): Promise<Deno.FsFile | undefined> {
  const lock = await openLock(path, "server.lock");
  // Whoever looks whether a server runs holds the lock for an instant.
  for (let tries = 0; tries < LOCK_TRIES; tries++) {
    if (await lock.tryLock(true)) return lock;
    await pause(LOCK_PAUSE_MS);
  }
  lock.close();
}

function openLock(path: string, name: string): Promise<Deno.FsFile> {
  const options = { create: true, write: true, read: true, mode: 0o600 };
  return orSay(path, () => Deno.open(join(path, name), options));
}

/** Says where the server of a claimed folder listens, and which layout it has. */
export async function writeState(path: string, state: ServerState): Promise<void> {
  await writeWhole(join(path, "format.json"), JSON.stringify({ format: FORMAT }) + "\n");
  await writeWhole(join(path, "server.json"), JSON.stringify(state) + "\n");
}

/** Takes back what {@link writeState}, here or in a server that was killed, said. */
export async function removeState(path: string): Promise<void> {
  await Deno.remove(join(path, "server.json")).catch(() => {});
}

/**
 * Looks who has the folder.
 *
 * @returns The server's state; "starting" while there is a server that does not say where it
 * listens, as it starts or stops; undefined where there is none.
 */
export async function lookUp(path: string): Promise<ServerState | "starting" | undefined> {
  const lock = await Deno.open(join(path, "server.lock")).catch(() => undefined);
  if (!lock) return undefined;
  try {
    if (await lock.tryLock(false)) return undefined;
    return await readJson<ServerState>(join(path, "server.json")) ?? "starting";
  } finally {
    lock.close();
  }
}

/** Waits until no one else starts a server on the folder; closing the file lets the next one. */
export async function takeStartLock(path: string): Promise<Deno.FsFile> {
  const lock = await openLock(path, "start.lock");
  await lock.lock(true);
  return lock;
}

async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
