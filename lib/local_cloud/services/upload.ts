/**
 * Google's upload protocol, whatever the contents are for: at once (`uploadType=media`), with
 * metadata in front (`multipart`), or in pieces that survive a broken connection (`resumable`).
 *
 * @see https://docs.cloud.google.com/storage/docs/uploads-downloads
 * @see https://docs.cloud.google.com/bigquery/docs/reference/api-uploads
 */
import { CloudError } from "../errors.ts";
import { readJson } from "./input.ts";
import { readRelated } from "./multipart.ts";

/** What is known of an upload when its first byte arrives. */
export interface UploadRequest {
  /** The JSON that came along: an object's details, a job. */
  metadata: Record<string, unknown>;
  /** Type of the contents, where the caller says one. */
  contentType?: string;
  /** The URL that was posted to, with all parameters. */
  url: URL;
}

/** Where an upload's bytes go. Its methods are called one at a time. */
export interface Receiver {
  /** Bytes taken so far. */
  readonly size: number;
  write(bytes: Uint8Array): void | Promise<void>;
  /**
   * All bytes are there.
   *
   * @param headers Of the last request: checksums may be in them.
   * @returns The resource to answer with.
   */
  finish(headers: Headers): Promise<object>;
  /** There will be no more: forget them. */
  discard(): Promise<void>;
}

/** Checks an upload before its contents are taken, and says where they go. */
export type Begin = (request: UploadRequest) => Promise<Receiver>;

interface Session {
  receiver: Receiver;
  /** Whoever sends at the moment; a new connection ends the old one. */
  sender?: ReadableStreamDefaultReader<Uint8Array>;
  sending: Promise<unknown>;
  /** The answer, from when all bytes are there: it is given again to whoever asks again. */
  outcome?: Promise<object>;
  touched: number;
}

/** Google keeps a session for a week. */
const SESSION_MS = 7 * 24 * 3600 * 1000;

/** The uploads of one server. Sessions are in memory: after a restart the client begins anew. */
export class Uploads {
  #sessions = new Map<string, Session>();

  /** Answers a POST to an upload URL. */
  async post(request: Request, begin: Begin): Promise<Response> {
    const url = new URL(request.url);
    const type = url.searchParams.get("uploadType");
    if (type === "resumable") return await this.#open(request, url, begin);
    if (type !== "media" && type !== "multipart") {
      throw new CloudError("invalid", `Invalid uploadType: ${type ?? ""}`, "uploadType");
    }
    const body = bytesOf(request);
    try {
      const contentType = request.headers.get("content-type") ?? undefined;
      const parts = type === "media"
        ? { metadata: {}, contentType, content: body }
        : await readRelated(body, contentType ?? "");
      return Response.json(await receive(await begin({ ...parts, url }), parts.content, request));
    } catch (error) {
      // A client that is still sending reads no answer.
      await drain(body);
      throw error;
    }
  }

  /** Answers a PUT to a resumable session: the next bytes, or the question how many arrived. */
  async put(request: Request): Promise<Response> {
    const session = this.#session(request);
    const { sender } = session;
    session.sender = undefined;
    await sender?.cancel().catch(() => {});
    await session.sending;
    const done = Promise.withResolvers<void>();
    session.sending = done.promise;
    try {
      return await advance(session, request);
    } finally {
      session.sender = undefined;
      done.resolve();
    }
  }

  /** Answers a DELETE of a resumable session. */
  async cancel(request: Request): Promise<Response> {
    const session = this.#session(request);
    this.#sessions.delete(uploadId(request));
    if (!session.outcome) await session.receiver.discard();
    return new Response(null, { status: 499 });
  }

  async #open(request: Request, url: URL, begin: Begin): Promise<Response> {
    const metadata = (await readJson(request) ?? {}) as Record<string, unknown>;
    const contentType = request.headers.get("x-upload-content-type") ?? undefined;
    const receiver = await begin({ metadata, contentType, url });
    await this.#forgetOld();
    const id = crypto.randomUUID();
    this.#sessions.set(id, { receiver, sending: Promise.resolve(), touched: Date.now() });
    url.searchParams.set("upload_id", id);
    const headers = { location: url.href, "x-guploader-uploadid": id };
    return new Response(null, { headers });
  }

  #session(request: Request): Session {
    const session = this.#sessions.get(uploadId(request));
    if (!session) throw new CloudError("notFound", "Not found: upload session");
    session.touched = Date.now();
    return session;
  }

  async #forgetOld(): Promise<void> {
    for (const [id, { receiver, outcome, touched }] of this.#sessions) {
      if (Date.now() - touched < SESSION_MS) continue;
      this.#sessions.delete(id);
      if (!outcome) await receiver.discard();
    }
  }
}

const uploadId = (request: Request) => new URL(request.url).searchParams.get("upload_id") ?? "";

const brokenOff = () => new CloudError("invalid", "The connection broke off during the upload");

async function* bytesOf({ body }: Request): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  while (reader) {
    const { done, value } = await reader.read().catch(() => Promise.reject(brokenOff()));
    if (done) return;
    yield value;
  }
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of body);
  } catch {
    // What went wrong before matters more.
  }
}

async function receive(
  receiver: Receiver,
  content: AsyncIterable<Uint8Array>,
  { headers }: Request,
): Promise<object> {
  try {
    for await (const bytes of content) await receiver.write(bytes);
    return await receiver.finish(headers);
  } catch (error) {
    await receiver.discard();
    throw error;
  }
}

/** What a Content-Range header says; a bound that is not known yet is undefined. */
interface ContentRange {
  /** Undefined in a question for the state. */
  start?: number;
  end?: number;
  total?: number;
}

function parseContentRange(header: string | null): ContentRange {
  if (header === null) return { start: 0 };
  const [, range, start, end, total] = /^bytes (\*|(\d+)-(\d+|\*))\/(\d+|\*)$/.exec(header) ?? [];
  if (range === undefined) {
    throw new CloudError("invalid", `Invalid Content-Range: ${header}`, "Content-Range");
  }
  const number = (text: string | undefined) =>
    text === undefined || text === "*" ? undefined : Number(text);
  return { start: number(start), end: number(end), total: number(total) };
}

/** Takes what one PUT brings. */
async function advance(session: Session, request: Request): Promise<Response> {
  const { receiver } = session;
  if (!session.outcome) {
    const range = parseContentRange(request.headers.get("content-range"));
    if (range.start !== undefined) await takeBytes(session, request, range.start);
    // Without an end or a total the request itself is the rest of the contents.
    const open = range.start !== undefined && range.end === undefined;
    const total = range.total ?? (open ? receiver.size : Infinity);
    if (receiver.size > total) {
      throw new CloudError("invalid", `Invalid Content-Range: more than ${total} bytes arrived`);
    }
    if (receiver.size < total) return incomplete(receiver.size);
    session.outcome = receiver.finish(request.headers);
  }
  return Response.json(await session.outcome);
}

async function takeBytes(session: Session, request: Request, start: number): Promise<void> {
  const { receiver } = session;
  let repeated = receiver.size - start;
  if (repeated < 0) {
    const message = `Invalid Content-Range: bytes ${receiver.size} to ${start - 1} are missing`;
    throw new CloudError("invalid", message, "Content-Range");
  }
  const reader = session.sender = request.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read().catch(() => Promise.reject(brokenOff()));
    if (session.sender !== reader) throw new CloudError("stopped", "Continued by another request");
    if (done) return;
    const fresh = value.subarray(Math.min(repeated, value.length));
    repeated -= value.length - fresh.length;
    if (fresh.length > 0) await receiver.write(fresh);
  }
}

/** Google's "308 Resume Incomplete"; without a Range header nothing has arrived. */
function incomplete(size: number): Response {
  const headers: HeadersInit = size > 0 ? { range: `bytes=0-${size - 1}` } : {};
  return new Response(null, { status: 308, headers });
}
