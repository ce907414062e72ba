/** The command `deno task functions`, which is also what the container on Cloud Run runs. */
import { existsSync } from "node:fs";
import { STARTING, stopSignal } from "../command_line.ts";
import { sceneOf } from "../command_session.ts";
import { badInput, EXIT, type ExitCode } from "../failure.ts";
import { openSession, type Session } from "../session.ts";
import { openVertex, type Vertex } from "../vertex.ts";
import { announce } from "./announce.ts";
import { createApp } from "./app.ts";
import { readArguments, type Settings, USAGE } from "./arguments.ts";
import { createFunctions } from "./functions.ts";
import { type StartScene, toStartFailure } from "./start_failure.ts";

/** The local cloud ends itself after half an hour in which nobody asks it anything. */
const KEEP_UP_MS = 10 * 60_000;

/** Runs the command and answers its exit code. */
export async function main(args: string[]): Promise<ExitCode> {
  let settings: Settings | undefined;
  try {
    settings = readArguments(args, { env: Deno.env.toObject(), hasLocalCloud: hasLocalCloud() });
    if (settings) await run(settings);
    else console.log(USAGE);
    return EXIT.done;
  } catch (error) {
    const failure = toStartFailure(error, startSceneOf(settings));
    if (failure.exitCode === EXIT.interrupted) return EXIT.done;
    console.error(failure.message);
    return failure.exitCode;
  }
}

/** The image of the functions has no local cloud, wherever it runs. */
function hasLocalCloud(): boolean {
  return existsSync(new URL("../local_cloud/mod.ts", import.meta.url));
}

function startSceneOf(settings: Partial<Settings> = {}): StartScene {
  const { isCloudRun = false, isContainer = false } = settings;
  return { ...sceneOf(settings), isCloudRun, isContainer };
}

/** Answers until Ctrl-C, or until Cloud Run ends the container. */
async function run(settings: Settings): Promise<void> {
  const { project, dataset, location, dataFolder, region } = settings;
  const signal = stopSignal();
  const onStart = () => console.error(STARTING);
  const session = await openSession({ project, dataset, location, dataFolder, signal, onStart });
  const vertex = await openVertex(session, { region });
  const server = listen(settings, { session, vertex });
  const keepUp = session.where === "local" ? setInterval(() => touch(session), KEEP_UP_MS) : 0;
  try {
    if (!settings.isCloudRun) {
      const describe = (error: unknown) => toStartFailure(error, startSceneOf(settings)).message;
      const { features } = settings;
      await announce(server.addr.port, { session, vertex, features, describe });
    }
    await new Promise((resolve) => {
      if (signal.aborted) resolve(undefined);
      signal.addEventListener("abort", resolve, { once: true });
    });
  } finally {
    clearInterval(keepUp);
    // Requests that came before are answered.
    await server.shutdown();
    await vertex.close();
    session.close();
  }
}

/** Asks the local cloud for something, whatever it answers. */
async function touch({ bigquery, dataset }: Session): Promise<void> {
  await bigquery.dataset(dataset).exists().catch(() => {});
}

function listen(
  { port, isCloudRun, isContainer, allowOrigin, timeout, features }: Settings,
  { session, vertex }: { session: Session; vertex: Vertex },
): Deno.HttpServer<Deno.NetAddr> {
  // What is asked when the end comes is answered: its queries are not cancelled.
  const functions = createFunctions({ ...session, signal: undefined }, vertex, { features });
  const timeoutMs = 1000 * timeout;
  const isLoopbackOnly = !isContainer;
  const app = createApp(functions, { allowOrigin, timeoutMs, isLoopbackOnly, isCloudRun });
  const hostname = isContainer ? "0.0.0.0" : "127.0.0.1";
  try {
    return Deno.serve({ port, hostname, onListen: () => {} }, app.fetch);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw badInput(`Cannot listen on port ${port} as it is taken: choose another by --port`);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
