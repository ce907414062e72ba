/** A headless Chromium, driven over the DevTools protocol. */
import { join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** The browser's program: `CHROME` of the environment, or the first found on PATH. */
export function findChromium(): string | undefined {
  const own = Deno.env.get("CHROME");
  const folders = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder !== "");
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return (own ? [own] : found).find((file) => {
    try {
      return Deno.statSync(file).isFile;
    } catch {
      return false;
    }
  });
}

type Message = { id?: number; method?: string; params?: Params; result?: Params; error?: Params };
/** What the protocol sends and takes; what a test reads of it, it knows the type of. */
type Params = Record<string, unknown>;

/** A tab. */
export interface Tab {
  /** Errors on the console and exceptions, as they came. */
  errors: string[];
  /** Every address that was asked for. */
  requests: string[];
  /** Calls a method of the protocol. */
  send<T = Params>(method: string, params?: Params): Promise<T>;
  /** The value of an expression in the page; a promise is awaited. */
  value<T>(expression: string): Promise<T>;
  /** Waits until an expression holds, ten seconds at the most. */
  until(expression: string): Promise<void>;
  /** Presses keys: `Tab`, `Enter`, or letters. */
  press(...keys: string[]): Promise<void>;
}

/**
 * Starts the browser with one tab; `await using` ends it.
 *
 * @param chromium Its program.
 */
export async function openTab(chromium: string): Promise<Tab & AsyncDisposable> {
  const profile = await Deno.makeTempDir({ prefix: "chromium-" });
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"];
  const quiet = ["--disable-background-networking", "--disable-dev-shm-usage", "--mute-audio"];
  const process = new Deno.Command(chromium, {
    args: [
      ...flags,
      ...quiet,
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const socket = await connect(profile);
  const tab = speak(socket);
  for (const domain of ["Page", "Runtime", "Network", "Log"]) await tab.send(`${domain}.enable`);
  return {
    ...tab,
    async [Symbol.asyncDispose]() {
      tab.send("Browser.close"); // its own way: killed, it leaves processes that write on
      const late = setTimeout(() => process.kill("SIGKILL"), 5000);
      await process.status;
      clearTimeout(late);
      socket.close();
      await Deno.remove(profile, { recursive: true });
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The address is in a file that the browser writes once it listens. */
async function connect(profile: string): Promise<WebSocket> {
  for (let tries = 0; tries < 600; tries++, await pause(50)) {
    const text = await Deno.readTextFile(join(profile, "DevToolsActivePort")).catch(() => "");
    const [port] = text.split("\n");
    if (!port) continue;
    const list = await fetch(`http://127.0.0.1:${port}/json/list`).then((r) => r.json());
    const page = (list as { type: string; webSocketDebuggerUrl: string }[])
      .find(({ type }) => type === "page");
    if (!page) continue;
    const socket = new WebSocket(page.webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return socket;
  }
  throw new Error("Chromium does not answer");
}

function speak(socket: WebSocket): Tab {
  const waiting = new Map<number, PromiseWithResolvers<Params>>();
  const errors: string[] = [];
  const requests: string[] = [];
  let calls = 0;
  socket.onmessage = ({ data }) => {
    const { id, method, params, result, error }: Message = JSON.parse(data);
    if (id !== undefined) {
      const call = waiting.get(id);
      waiting.delete(id);
      if (error) call?.reject(new Error(JSON.stringify(error)));
      else call?.resolve(result ?? {});
    } else note(method!, params!);
  };
  const note = (method: string, params: Params) => {
    if (method === "Network.requestWillBeSent") {
      requests.push((params.request as { url: string }).url);
    }
    const isError = method === "Runtime.exceptionThrown" ||
      method === "Runtime.consoleAPICalled" && params.type === "error" ||
      method === "Log.entryAdded" && (params.entry as { level: string }).level === "error";
    if (isError) errors.push(JSON.stringify(params));
  };
  const send: Tab["send"] = <T>(method: string, params: Params = {}) => {
    const call = Promise.withResolvers<Params>();
    const id = ++calls;
    waiting.set(id, call);
    socket.send(JSON.stringify({ id, method, params }));
    return call.promise as Promise<T>;
  };
  return { errors, requests, send, ...acts(send) };
}

function acts(send: Tab["send"]): Pick<Tab, "value" | "until" | "press"> {
  const value = async <T>(expression: string): Promise<T> => {
    const options = { expression, returnByValue: true, awaitPromise: true };
    const answer = await send<{ result: { value: T }; exceptionDetails?: Params }>(
      "Runtime.evaluate",
      options,
    );
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
    return answer.result.value;
  };
  const until = async (expression: string) => {
    for (let tries = 0; tries < 200; tries++, await pause(50)) {
      if (await value<boolean>(`Boolean(${expression})`).catch(() => false)) return;
    }
    const text = await value<string>("document.body.innerText").catch(String);
    throw new Error(`The page never came to ${expression}; it says: ${text}`);
  };
  const press = async (...keys: string[]) => {
    for (const key of keys.flatMap((key) => key in KEYS ? [key] : [...key])) {
      const event = KEYS[key] ?? { key, text: key };
      await send("Input.dispatchKeyEvent", { type: "keyDown", ...event });
      await send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    }
  };
  return { value, until, press };
}

const KEYS: Record<string, Params> = {
  Tab: { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 },
  Enter: { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
  Space: { key: " ", code: "Space", windowsVirtualKeyCode: 32, text: " " },
  Backspace: { key: "Backspace", code: "Backspace", windowsVirtualKeyCode: 8 },
};
