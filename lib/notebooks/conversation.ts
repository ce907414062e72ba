/** Requests to a kernel over its channels, and all that it answers to each. */
import { z } from "zod";
import { decodeMessage, encodeMessage, type Message } from "./wire.ts";
import type { Channel } from "./zmtp.ts";

/** What running a cell gave. */
export interface Reply {
  /** What the cell showed, in order; an error is the last. */
  published: Message[];
  /** Whether the cell ran to its end without an error. */
  isGood: boolean;
}

/** A kernel to talk to. One request at a time. */
export interface Conversation {
  /** Waits until an answer has come on both channels: a subscription takes a while to be heard. */
  greet(): Promise<void>;
  /** Runs a cell. */
  execute(code: string): Promise<Reply>;
  /** Rejects when what the kernel sends cannot be read. */
  broken: Promise<never>;
  close(): void;
}

/** The channels that cells need. */
export interface Channels {
  shell: Channel;
  iopub: Channel;
}

const SHOWN = new Set([
  ...["stream", "display_data", "update_display_data", "execute_result", "clear_output", "error"],
]);
const reply = z.object({ status: z.string() });
const display = z.object({ transient: z.object({ display_id: z.string() }) });
const HOW = { user_expressions: {}, allow_stdin: false };
const GREETING_MS = 100;

/**
 * Begins to listen.
 *
 * @param key What messages are signed with.
 */
export function converse({ shell, iopub }: Channels, key: string): Conversation {
  let hear: (message: Message) => void = () => {};
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  const listen = async (channel: Channel) => {
    for await (const frames of channel.messages()) hear(decodeMessage(frames, key));
  };
  [shell, iopub].forEach((channel) => listen(channel).catch(broken.reject));
  const ask = (message: Omit<Message, "parent">) => shell.send(encodeMessage(message, key));
  return {
    broken: broken.promise,
    async greet() {
      const heard = new Set<string>();
      hear = ({ type }) => heard.add(type);
      while (!heard.has("kernel_info_reply") || !heard.has("status")) {
        await ask({ id: crypto.randomUUID(), type: "kernel_info_request", content: {} });
        await new Promise((resolve) => setTimeout(resolve, GREETING_MS));
      }
    },
    async execute(code) {
      const cell = collect();
      hear = cell.hear;
      await ask({ id: cell.id, type: "execute_request", content: cell.content(code) });
      const isGood = await cell.replied;
      await ask({ id: cell.fence, type: "execute_request", content: fenceContent(cell.fence) });
      return { published: await cell.published, isGood };
    },
    close() {
      shell.close();
      iopub.close();
    },
  };
}

/**
 * Gathers what one cell shows. Deno's kernel publishes outputs from a queue, apart from its reply
 * and its "idle": they come before or after these, and may even name the next request as their
 * parent. What is put into the queue once the cell has replied comes after all that the cell showed:
 * the fence, a display that nobody sees.
 */
function collect() {
  const [id, fence] = [crypto.randomUUID(), crypto.randomUUID()];
  const shown: Message[] = [];
  const replied = Promise.withResolvers<boolean>();
  const published = Promise.withResolvers<Message[]>();
  published.promise.catch(() => {});
  const end = () => {
    // A kernel publishes an error at once, past the queue.
    const isError = ({ type }: Message) => type === "error";
    published.resolve([...shown.filter((each) => !isError(each)), ...shown.filter(isError)]);
  };
  const hear = (message: Message) => {
    const { type, parent, content } = message;
    if (parent !== id && parent !== fence) return;
    if (type === "execute_reply") {
      const isGood = reply.parse(content).status === "ok";
      if (parent === id) replied.resolve(isGood);
      else if (!isGood) published.reject(new TypeError("Cannot tell the end of a cell's outputs"));
    } else if (display.safeParse(content).data?.transient.display_id === fence) end();
    else if (SHOWN.has(type)) shown.push(message);
  };
  const content = (code: string) => ({ code, silent: false, store_history: true, ...HOW });
  return { id, fence, hear, content, replied: replied.promise, published: published.promise };
}

function fenceContent(display_id: string) {
  const shown = JSON.stringify({ data: {}, metadata: {}, transient: { display_id } });
  const code = `await globalThis.Deno.jupyter.broadcast("display_data", ${shown})`;
  return { code, silent: true, store_history: false, ...HOW };
}
