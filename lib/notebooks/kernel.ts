/** A real Deno kernel in a process of its own, driven as Jupyter drives it. */
import { join } from "node:path";
import { EXIT, Failure } from "../failure.ts";
import { type Conversation, converse, type Reply } from "./conversation.ts";
import { plain } from "./outputs.ts";
import { type Channel, type ChannelOptions, openChannel } from "./zmtp.ts";

/** Where and how a kernel runs. */
export interface KernelOptions {
  /** Its working directory: imports of cells are relative to it. */
  folder: string;
  /** Its whole environment. */
  env: Record<string, string>;
  signal?: AbortSignal;
}

/** A kernel that runs. */
export interface Kernel extends AsyncDisposable {
  /**
   * Runs a cell and waits for its end.
   *
   * @throws {Failure} If the kernel ends, or the cell takes longer than `seconds`.
   */
  execute(code: string, options: { seconds: number; signal?: AbortSignal }): Promise<Reply>;
}

const HOST = "127.0.0.1";
const CHANNELS = ["shell", "iopub", "stdin", "control", "hb"] as const;
/** A kernel that does not answer for so long is not going to. */
const START_SECONDS = 120;
const STEP_MS = 20;

/**
 * Starts a kernel and waits until it answers.
 *
 * @throws {Failure} If it does not start; with what it wrote to its error output.
 */
export async function startKernel({ folder, env, signal }: KernelOptions): Promise<Kernel> {
  await using parts = new AsyncDisposableStack();
  const temporary = await Deno.makeTempDir({ prefix: "kernel-" });
  parts.defer(() => Deno.remove(temporary, { recursive: true }));
  const key = crypto.randomUUID();
  const ports = freePorts(CHANNELS.length);
  const file = join(temporary, "connection.json");
  await Deno.writeTextFile(file, connectionFile(key, ports), { mode: 0o600 });
  const { ended } = parts.use(spawnKernel(file, { folder, env }));
  const opening = openConversation(key, ports);
  // The kernel's end ends the attempts to reach it.
  parts.defer(() => opening.close());
  const conversation = await within({
    ...{ work: opening.conversation, ended, signal, seconds: START_SECONDS },
    late: `it did not answer for ${START_SECONDS} s`,
  }).catch((error) => {
    throw error instanceof Failure
      ? new Failure(`Cannot start the Deno kernel as ${error.message}`, EXIT.failed)
      : error;
  });
  const all = parts.move();
  return {
    execute: (code, { seconds, signal }) =>
      within({
        work: Promise.race([conversation.execute(code), conversation.broken]),
        ...{ ended, signal, seconds },
        late: `it took longer than ${seconds} s: raise --timeout`,
      }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** The process, which is killed in the end. Its words are kept for the case that it fails. */
function spawnKernel(connection: string, { folder, env }: KernelOptions) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["jupyter", "--kernel", "--conn", connection],
    ...{ cwd: folder, env, clearEnv: true },
    ...{ stdin: "null", stdout: "null", stderr: "piped" },
  }).spawn();
  const words = new Response(child.stderr).text();
  const ended = Promise.all([child.status, words])
    .then(([{ code }, said]) => `the kernel ended (exit code ${code})${lastWords(said)}`);
  return {
    ended,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch { /* It has ended already. */ }
      await child.status;
      // A process that a cell started may hold the pipe open for longer.
      await Promise.race([words, pause(STEP_MS)]);
    },
  };
}

/** Ports that nothing listens on: all held at once, so that no two are the same. */
function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: HOST, port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  listeners.forEach((listener) => listener.close());
  return ports;
}

function connectionFile(key: string, ports: readonly number[]): string {
  const named = CHANNELS.map((channel, i) => [`${channel}_port`, ports[i]]);
  const about = { ip: HOST, transport: "tcp", signature_scheme: "hmac-sha256", key };
  return JSON.stringify({ ...about, ...Object.fromEntries(named) });
}

/** Begins to connect; a kernel takes a moment until it listens. */
function openConversation(key: string, ports: readonly number[]) {
  let isGivenUp = false;
  const channels: Channel[] = [];
  const connect = async (options: ChannelOptions): Promise<Channel> => {
    for (;;) {
      try {
        const channel = await openChannel(options);
        channels.push(channel);
        return channel;
      } catch (error) {
        if (isGivenUp || !(error instanceof Deno.errors.ConnectionRefused)) throw error;
        await pause(STEP_MS);
      }
    }
  };
  const open = async (): Promise<Conversation> => {
    const [shell, iopub] = await Promise.all([
      connect({ hostname: HOST, port: ports[CHANNELS.indexOf("shell")], as: "DEALER" }),
      connect({ hostname: HOST, port: ports[CHANNELS.indexOf("iopub")], as: "SUB" }),
    ]);
    const conversation = converse({ shell, iopub }, key);
    await Promise.race([conversation.greet(), conversation.broken]);
    return conversation;
  };
  const close = () => {
    isGivenUp = true;
    channels.forEach((channel) => channel.close());
  };
  return { conversation: open(), close };
}

interface Waiting<T> {
  work: Promise<T>;
  /** Resolves with a clause when the kernel's process ends. */
  ended: Promise<string>;
  seconds: number;
  /** What to say when the time is over, a clause. */
  late: string;
  signal?: AbortSignal;
}

/** Waits for work as long as the kernel lives, there is time left and nobody stops it. */
async function within<T>({ work, ended, seconds, late, signal }: Waiting<T>): Promise<T> {
  const broke = Promise.withResolvers<never>();
  const fail = (why: string) => broke.reject(new Failure(why, EXIT.failed));
  const timer = setTimeout(() => fail(late), seconds * 1000);
  const abort = () => broke.reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  ended.then(fail);
  // Whoever loses the race must not end the process.
  [work, broke.promise].forEach((each) => each.catch(() => {}));
  try {
    return await Promise.race([work, broke.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** The end of what a process wrote to its error output, as a clause. */
function lastWords(said: string): string {
  // Every kernel begins by calling itself unstable.
  const lines = said.split("\n").filter((line) => line.trim() && !/is unstable and/.test(line));
  return lines.length === 0 ? "" : `: ${plain(lines.at(-1)!)}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
