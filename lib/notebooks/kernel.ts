/** A real Deno kernel in a process of its own, driven as Jupyter drives it. */
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { EXIT, Failure } from "../failure.ts";
import { decodeMessage, encodeMessage, type Message } from "./wire.ts";

/** What running a cell gave. */
export interface Reply {
  /** What the kernel published meanwhile, in order. */
  published: Message[];
  /** Whether the cell ran to its end without an error. */
  isGood: boolean;
}

/** Where and how a kernel runs. */
export interface KernelOptions {
  /** Its working directory: imports of cells are relative to it. */
  folder: string;
  /** Its whole environment. */
  env: Record<string, string>;
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

/**
 * Starts a kernel and waits until it answers.
 *
 * @throws {Failure} If it does not start; with what it wrote to its error output.
 */
export async function startKernel({ folder, env }: KernelOptions): Promise<Kernel> {
  const parts = new AsyncDisposableStack();
  try {
    const temporary = await Deno.makeTempDir({ prefix: "kernel-" });
    parts.defer(() => Deno.remove(temporary, { recursive: true }));
    const key = crypto.randomUUID();
    const ports = freePorts(CHANNELS.length);
    const file = join(temporary, "connection.json");
    await Deno.writeTextFile(file, connectionFile(key, ports), { mode: 0o600 });
    const child = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--kernel", "--conn", file],
      ...{ cwd: folder, env, clearEnv: true },
      ...{ stdin: "null", stdout: "null", stderr: "piped" },
    }).spawn();
    const words = new Response(child.stderr).text();
    const ended = Promise.all([child.status, words]).then(([, said]) => said);
    parts.defer(async () => {
      try {
        child.kill("SIGKILL");
      } catch { /* It has ended already. */ }
      await ended;
    });
    const conversation = converse(key, ports);
    parts.defer(() => conversation.close());
    await conversation.begin(ended);
    return {
      execute: (code, options) => conversation.execute(code, { ...options, ended }),
      [Symbol.asyncDispose]: () => parts.disposeAsync(),
    };
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
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

interface Running {
  seconds: number;
  signal?: AbortSignal;
  /** Resolves with the kernel's last words when its process ends. */
  ended: Promise<string>;
}

/** The two sockets to a kernel, and one request at a time over them. */
function converse(key: string, [shellPort, iopubPort]: readonly number[]) {
  const shell = new Dealer({ linger: 0 });
  const iopub = new Subscriber({ linger: 0 });
  shell.connect(`tcp://${HOST}:${shellPort}`);
  iopub.connect(`tcp://${HOST}:${iopubPort}`);
  iopub.subscribe();
  let listener: (message: Message) => void = () => {};
  const listen = async (socket: Dealer | Subscriber) => {
    for await (const frames of socket) listener(decodeMessage(frames, key));
  };
  const listening = [listen(shell), listen(iopub)];
  // A message that cannot be read ends a request below; it must not end the process.
  listening.forEach((each) => each.catch(() => {}));

  const ask = (type: string, content: unknown, each: (message: Message) => void) => {
    const id = crypto.randomUUID();
    listener = (message) => message.parent === id && each(message);
    return shell.send(encodeMessage({ id, type, content }, key));
  };

  /** A subscription takes a while: asks until an answer has come on both channels. */
  const begin = async (ended: Promise<string>) => {
    const seen = new Set<string>();
    const ready = () => seen.has("kernel_info_reply") && seen.has("status");
    const gone = ended.then((said) => {
      throw broken(`Cannot start the Deno kernel: ${said.trim() || "it ended without a word"}`);
    });
    const begun = Date.now();
    while (!ready()) {
      if (Date.now() - begun > START_SECONDS * 1000) {
        throw broken(`Cannot start the Deno kernel as it did not answer for ${START_SECONDS} s`);
      }
      await ask("kernel_info_request", {}, ({ type }) => seen.add(type));
      await Promise.race([pause(100), gone]);
    }
    gone.catch(() => {});
  };

  const execute = async (code: string, { seconds, signal, ended }: Running): Promise<Reply> => {
    const published: Message[] = [];
    const replied = Promise.withResolvers<boolean>();
    const idle = Promise.withResolvers<void>();
    await ask("execute_request", { code, ...EXECUTION }, (message) => {
      const { type, content } = message;
      if (type === "execute_reply") replied.resolve(fieldOf(content, "status") === "ok");
      else if (type === "status" && fieldOf(content, "execution_state") === "idle") idle.resolve();
      else published.push(message);
    });
    const finished = Promise.all([replied.promise, idle.promise]);
    const [isGood] = await within({ seconds, signal, ended }, finished);
    return { published, isGood };
  };

  const close = async () => {
    shell.close();
    iopub.close();
    await Promise.allSettled(listening);
  };
  return { begin, execute, close };
}

const EXECUTION = {
  ...{ silent: false, store_history: true, user_expressions: {} },
  ...{ allow_stdin: false, stop_on_error: true },
};

/** Waits for work as long as the kernel lives, there is time left and nobody stops it. */
async function within<T>({ seconds, signal, ended }: Running, work: Promise<T>): Promise<T> {
  const broke = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => broke.reject(broken(`it took longer than ${seconds} s: raise --timeout`)),
    seconds * 1000,
  );
  const abort = () => broke.reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  ended.then((said) => broke.reject(broken(`the kernel ended while it ran: ${lastLine(said)}`)));
  try {
    return await Promise.race([work, broke.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    // Whoever loses the race must not end the process.
    broke.promise.catch(() => {});
    work.catch(() => {});
  }
}

function broken(message: string): Failure {
  return new Failure(message, EXIT.failed);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "it said nothing";
}

function fieldOf(content: unknown, name: string): unknown {
  return typeof content === "object" && content !== null
    ? (content as Record<string, unknown>)[name]
    : undefined;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
