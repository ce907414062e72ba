/** The command `deno task functions`, which is also what the container on Cloud Run runs. */
import { STARTING, stopSignal } from "../command_line.ts";
import { exampleUsers } from "../event_check.ts";
import { badInput, EXIT, type ExitCode, toFailure } from "../failure.ts";
import { openSession, type Session } from "../session.ts";
import { findEndpoint, openVertex, servingDeployment, type Vertex } from "../vertex.ts";
import { createApp } from "./app.ts";
import { readArguments, type Settings, USAGE } from "./arguments.ts";
import { createFunctions } from "./functions.ts";

/** The local cloud ends itself after half an hour in which nobody asks it anything. */
const KEEP_UP_MS = 10 * 60_000;

/** Runs the command and answers its exit code. */
export async function main(args: string[]): Promise<ExitCode> {
  let settings: Settings | undefined;
  try {
    settings = readArguments(args, Deno.env.toObject());
    if (settings) await run(settings);
    else console.log(USAGE);
    return EXIT.done;
  } catch (error) {
    const { project = "local-cloud", dataset = "", location } = settings ?? {};
    const where = settings?.project ? "cloud" : "local";
    const failure = toFailure(error, { project, dataset, location, where });
    if (failure.exitCode === EXIT.interrupted) return EXIT.done;
    console.error(failure.message);
    return failure.exitCode;
  }
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
    if (!settings.isCloudRun) await announce(server.addr.port, { session, vertex });
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
  { port, isCloudRun, allowOrigin, timeout, features }: Settings,
  { session, vertex }: { session: Session; vertex: Vertex },
): Deno.HttpServer<Deno.NetAddr> {
  // What is asked when the end comes is answered: its queries are not cancelled.
  const functions = createFunctions({ ...session, signal: undefined }, vertex, { features });
  const timeoutMs = 1000 * timeout;
  const app = createApp(functions, { allowOrigin, timeoutMs, isLoopbackOnly: !isCloudRun });
  const hostname = isCloudRun ? "0.0.0.0" : "127.0.0.1";
  try {
    return Deno.serve({ port, hostname, onListen: () => {} }, app.fetch);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw badInput(`Cannot listen on port ${port} as it is taken: choose another by --port`);
  }
}

/** The user of the walk-through, for whom there may be no events. */
const SOMEBODY = "2534169.4418845320";

/** Says what can be asked, by two lines to be pasted. */
async function announce(
  port: number,
  { session, vertex }: { session: Session; vertex: Vertex },
): Promise<void> {
  const users = await exampleUsers(session).catch(() => []);
  const [one = SOMEBODY, other = one] = users;
  console.log(`The functions answer on http://127.0.0.1:${port}; Ctrl-C ends them. Try:\n`);
  for (const [name, userId] of [["UserCluster", one], ["ProductAffinity", other]]) {
    const body = JSON.stringify({ userId }).replaceAll("'", "'\\''");
    console.log(
      `curl -X POST http://127.0.0.1:${port}/${name} -H "Content-Type: application/json" -d '${body}'`,
    );
  }
  const isServed = async (model: string) => {
    const endpoint = await findEndpoint(vertex, model).catch(() => undefined);
    return endpoint !== undefined && servingDeployment(endpoint) !== undefined;
  };
  for (const model of ["user_clusters", "product_affinity"]) {
    if (await isServed(model)) continue;
    console.error(`\n${model} is not deployed: run \`deno task deploy --model ${model}\``);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
