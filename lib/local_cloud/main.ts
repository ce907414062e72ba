/** The command `deno task local-cloud`. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { defaultDataFolder, find, type LocalCloud, start, StartError, stop } from "./mod.ts";

const HELP = `Usage: deno task local-cloud [options]

A local cloud answers Google's clients for BigQuery, Cloud Storage and Vertex AI on this machine,
with no account. Without options it starts one in the foreground (Ctrl-C stops it), or finds the one
that runs, and prints the environment variables that lead clients to it.

  --data DIR       where the data is (default: LOCAL_CLOUD_DATA, or .local-cloud in the project)
  --port N         port on 127.0.0.1 (default: 9050, or any free one where that is taken)
  --background     start it in the background, or find it; it ends after 30 minutes without use
  --idle SECONDS   end it after that long without use
  --status         say whether one runs
  --stop           stop the one that runs
  --json           print JSON
  --help           print this

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 none is running (--status, --stop)
LOCAL_CLOUD_LOG=debug prints a line for each request.`;

const FAILED = 1;
const USAGE = 2;
const NOT_RUNNING = 3;

const OPTIONS = {
  data: { type: "string" },
  port: { type: "string" },
  idle: { type: "string" },
  background: { type: "boolean" },
  serve: { type: "boolean" },
  status: { type: "boolean" },
  stop: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

class UsageError extends Error {}

type Print = (cloud: LocalCloud, note: string) => void;

/** Runs the command and answers its exit code. */
async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  const { dataFolder, values } = options;
  const print: Print = values.json ? printJson : printVariables;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.serve) return await serve(options, printForLog);
  if (values.stop) return await stopRunning(dataFolder);
  const running = values.background ? await start(options) : await find(dataFolder);
  if (running) {
    print(running, `The local cloud runs on ${running.url} (process ${running.pid}).`);
    return 0;
  }
  if (values.status) {
    console.error(`No local cloud runs on ${dataFolder}.`);
    return NOT_RUNNING;
  }
  return await serve(options, print);
}

function parseOptions(args: string[]) {
  const { values } = parse(args);
  const dataFolder = resolve(values.data ?? defaultDataFolder());
  const port = wholeNumber("--port", values.port, 65_535);
  const idleSeconds = wholeNumber("--idle", values.idle, 31_536_000);
  return { values, dataFolder, port, idleSeconds };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw new UsageError(`${name} must be a whole number of at most ${most}: it is '${text}'`);
}

async function stopRunning(dataFolder: string): Promise<number> {
  if (!await stop(dataFolder)) {
    console.error(`No local cloud runs on ${dataFolder}.`);
    return NOT_RUNNING;
  }
  console.error(`Stopped the local cloud on ${dataFolder}.`);
  return 0;
}

/** Is the server until it is stopped. */
async function serve(
  { dataFolder, port, idleSeconds }: ReturnType<typeof parseOptions>,
  print: Print,
): Promise<number> {
  // Whatever is written is the owner's alone.
  Deno.umask(0o077);
  const { startServer } = await import("./server.ts");
  const debug = Deno.env.get("LOCAL_CLOUD_LOG") === "debug";
  const log = debug ? (line: string) => console.error(line) : undefined;
  const server = await startServer({ dataFolder, port, idleSeconds, log });
  stopOnSignals(() => server.stop());
  const cloud = await find(dataFolder);
  if (cloud) print(cloud, `The local cloud runs on ${server.url}; Ctrl-C stops it.`);
  await server.finished;
  return 0;
}

function stopOnSignals(stop: () => Promise<void>): void {
  let asked = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      if (asked) Deno.exit(130);
      asked = true;
      stop();
    });
  }
}

/** Variables go to the standard output alone, so that a shell can evaluate it. */
function printVariables({ env, dataFolder, url }: LocalCloud, note: string): void {
  console.error(
    `${note}\nConsole: ${url}/\nIts data is in ${dataFolder}. Clients find it by these variables:\n`,
  );
  for (const [name, value] of Object.entries(env)) console.log(`export ${name}=${value}`);
}

function printJson(cloud: LocalCloud): void {
  console.log(JSON.stringify(cloud));
}

function printForLog({ url, pid, started }: LocalCloud): void {
  console.error(`${started} started on ${url}, process ${pid}`);
  addEventListener("unload", () => console.error(`${new Date().toISOString()} stopped`));
}

/** Says what went wrong; the last line is one sentence, which whoever started us passes on. */
function report(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(`${error.message}. --help lists the options.`);
    return USAGE;
  }
  if (!(error instanceof StartError)) console.error(error);
  console.error(error instanceof Error ? error.message : String(error));
  return FAILED;
}

if (import.meta.main) Deno.exit(await main(Deno.args).catch(report));
