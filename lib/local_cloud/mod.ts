/**
 * The door of the local cloud: BigQuery, Cloud Storage and Vertex AI on this machine, without any
 * account.
 *
 * It runs as a process of its own and outlives the one that started it; whoever asks for the same
 * data folder gets the same server.
 */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  lookUp,
  pause,
  prepareFolder,
  type ServerState,
  StartError,
  takeStartLock,
} from "./data_folder.ts";

export { StartError };

/** A local cloud that runs. */
export interface LocalCloud {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  pid: number;
  dataFolder: string;
  /** When it was started, RFC 3339. */
  started: string;
  /** Environment variables that lead Google's clients, in any language, to it. */
  env: Record<string, string>;
}

/** How to start a local cloud. */
export interface StartOptions {
  /** Default: {@link defaultDataFolder}. */
  dataFolder?: string;
  /** Default: 9050, or any free one where that is taken. One that runs already keeps its own. */
  port?: number;
  /** Seconds without use after which it ends itself. Default: 1800. */
  idleSeconds?: number;
}

/** The project of who does not name one; any other works as well. */
const PROJECT = "local-cloud";
const IDLE_SECONDS = 1800;
const LONGEST_LOG = 5 * 1024 * 1024;
const STEP_MS = 25;
/** How long a server may take to begin or to end, once it has its folder. */
const PATIENCE_MS = 60_000;

const projectRoot = () => fileURLToPath(new URL("../../", import.meta.url));

/** `LOCAL_CLOUD_DATA` of the environment, or `.local-cloud` in the project's root. */
export function defaultDataFolder(): string {
  return resolve(Deno.env.get("LOCAL_CLOUD_DATA") || join(projectRoot(), ".local-cloud"));
}

/**
 * The local cloud that runs on a data folder. One that is just starting is waited for.
 *
 * @returns undefined where there is none.
 * @throws {StartError} There is one, but it does not answer.
 */
export async function find(dataFolder = defaultDataFolder()): Promise<LocalCloud | undefined> {
  const folder = resolve(dataFolder);
  for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await pause(STEP_MS)) {
    const found = await lookUp(folder);
    if (!found) return undefined;
    if (found !== "starting" && await answers(found)) return describe(folder, found);
  }
  throw new StartError(
    `The local cloud on ${folder} does not answer: end its process and try again`,
  );
}

/**
 * Finds the local cloud of a data folder, or starts it in the background.
 *
 * @throws {StartError} The folder cannot be used, the port is taken, or the server ended at once.
 */
export async function start(options: StartOptions = {}): Promise<LocalCloud> {
  const { dataFolder = defaultDataFolder(), port, idleSeconds = IDLE_SECONDS } = options;
  const folder = resolve(dataFolder);
  await prepareFolder(folder);
  using _turn = await takeStartLock(folder);
  return await find(folder) ?? await spawn(folder, { port, idleSeconds });
}

/**
 * Stops the local cloud of a data folder and waits for its end; jobs that run are cancelled.
 *
 * @returns false where none was running.
 * @throws {StartError} It does not end.
 */
export async function stop(dataFolder = defaultDataFolder()): Promise<boolean> {
  const folder = resolve(dataFolder);
  if (!await find(folder)) return false;
  const state = await lookUp(folder);
  if (state && state !== "starting") await askToStop(state);
  for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await pause(STEP_MS)) {
    const found = await lookUp(folder);
    if (!found) return true;
    // Another one, started meanwhile.
    if (found !== "starting" && state && found.id !== (state as ServerState).id) return true;
  }
  throw new StartError(`The local cloud on ${folder} does not end: end its process by hand`);
}

function describe(dataFolder: string, { url, port, pid, started }: ServerState): LocalCloud {
  const env = {
    BIGQUERY_EMULATOR_HOST: url,
    STORAGE_EMULATOR_HOST: url,
    VERTEX_AI_EMULATOR_HOST: url,
    GOOGLE_CLOUD_PROJECT: PROJECT,
  };
  return { url, port, pid, dataFolder, started, env };
}

/** Whether it is this server that answers there. */
async function answers({ url, id }: ServerState): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5000) });
    return (await response.json()).id === id;
  } catch {
    return false;
  }
}

async function askToStop({ url, token }: ServerState): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/local-cloud/stop`, { method: "POST", headers });
  await response.body?.cancel();
}

async function spawn(
  folder: string,
  { port, idleSeconds }: { port?: number; idleSeconds: number },
): Promise<LocalCloud> {
  const log = join(folder, "server.log");
  const written = await shortenLog(log);
  const child = spawnServer(log, [
    ...["--serve", "--data", folder, "--idle", String(idleSeconds)],
    ...(port === undefined ? [] : ["--port", String(port)]),
  ]);
  let ended = false;
  child.status.then(() => ended = true);
  child.unref();
  // No limit of time: a first start may have to fetch packages. A server that fails ends.
  for (;; await pause(STEP_MS)) {
    const found = await lookUp(folder);
    if (found && found !== "starting" && await answers(found)) return describe(folder, found);
    if (!ended || found) continue;
    throw new StartError(await lastWords(log, written));
  }
}

/**
 * A process that neither a closed terminal nor Ctrl-C in ours reaches, as it has a session of its
 * own. The shell is there to let it write to a file.
 */
function spawnServer(log: string, options: string[]): Deno.ChildProcess {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const config = join(projectRoot(), "deno.json");
  const deno = [Deno.execPath(), "run", "--quiet", "--no-prompt", "-A", "--config", config];
  return new Deno.Command("sh", {
    args: ["-c", 'exec "$@" >>"$0" 2>&1', log, ...deno, main, ...options],
    cwd: dirname(config),
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
}

/** Puts a long log aside; answers how many bytes are in the one to come. */
async function shortenLog(log: string): Promise<number> {
  const { size } = await Deno.stat(log).catch(() => ({ size: 0 }));
  if (size <= LONGEST_LOG) return size;
  await Deno.rename(log, `${log}.old`);
  return 0;
}

/** Why a server ended, as it said itself. */
async function lastWords(log: string, from: number): Promise<string> {
  const bytes = await Deno.readFile(log).catch(() => new Uint8Array());
  const lines = new TextDecoder().decode(bytes.subarray(from)).split("\n");
  // The sentence, not the stack below it.
  const said = lines.findLast((line) => /^\S/.test(line));
  return said ?? `The local cloud ended as soon as it was started: see ${log}`;
}
