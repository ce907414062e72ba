/** `multipart/related` as Google's upload URLs take it: one part of JSON, one of contents. */
import { Buffer } from "node:buffer";
import { CloudError } from "../errors.ts";

/** The two parts of a body; the second one has not been read yet. */
export interface RelatedParts {
  metadata: Record<string, unknown>;
  /** Type that the part of contents declares. */
  contentType?: string;
  /** The contents as they arrive. Must be read to the end. */
  content: AsyncIterable<Uint8Array>;
}

/** Metadata is small; a body that hides its first boundary is not worth the memory. */
const LONGEST_METADATA = 1024 * 1024;

/**
 * Reads a body as far as its contents.
 *
 * @param contentType The request's Content-Type, with the boundary.
 * @throws {CloudError} `invalid`: no boundary, a part that ends early, metadata that is not JSON.
 */
export async function readRelated(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
): Promise<RelatedParts> {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  if (!boundary) throw malformed("its Content-Type names no boundary");
  const reader = new PartReader(body, `--${boundary[1] ?? boundary[2]}`);
  await reader.preamble();
  await reader.headers();
  let json = "";
  for await (const bytes of reader.part()) {
    json += Buffer.from(bytes).toString("latin1");
    if (json.length > LONGEST_METADATA) throw malformed("its metadata is too long");
  }
  const metadata = parseObject(Buffer.from(json, "latin1").toString("utf8"));
  const headers = await reader.headers();
  return {
    metadata,
    contentType: headers.get("content-type") ?? undefined,
    content: reader.part(),
  };
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value = JSON.parse(json.trim() || "{}");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Reported below.
  }
  throw malformed("its first part is not a JSON object");
}

const malformed = (why: string) =>
  new CloudError("invalid", `Cannot read the multipart body: ${why}`);

/** Cuts a stream at boundaries, holding back only what may be the beginning of one. */
class PartReader {
  #chunks: AsyncIterator<Uint8Array>;
  #held = Buffer.alloc(0);
  #delimiter: Buffer;

  constructor(body: AsyncIterable<Uint8Array>, private dashed: string) {
    this.#chunks = body[Symbol.asyncIterator]();
    this.#delimiter = Buffer.from(`\r\n${dashed}`, "latin1");
  }

  /** Skips to the end of the first boundary. */
  async preamble(): Promise<void> {
    // The first boundary may stand at the very beginning, without a line break before it.
    this.#held = Buffer.from("\r\n");
    for await (const _ of this.part());
  }

  /** Reads the headers of a part. */
  async headers(): Promise<Headers> {
    let end = -1;
    while ((end = this.#held.indexOf("\r\n\r\n")) < 0) {
      if (this.#held.length > LONGEST_METADATA) throw malformed("a part has no end of headers");
      await this.#more();
    }
    const lines = this.#held.subarray(0, end).toString("latin1").split("\r\n");
    this.#held = this.#held.subarray(end + 4);
    const headers = new Headers();
    for (const line of lines) {
      const colon = line.indexOf(":");
      if (colon > 0) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
    }
    return headers;
  }

  /** The bytes up to the next boundary, which is passed over. */
  async *part(): AsyncGenerator<Uint8Array> {
    while (true) {
      const at = this.#held.indexOf(this.#delimiter);
      if (at >= 0) {
        if (at > 0) yield this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + this.#delimiter.length);
        return;
      }
      const safe = this.#held.length - this.#delimiter.length + 1;
      if (safe > 0) {
        yield this.#held.subarray(0, safe);
        this.#held = this.#held.subarray(safe);
      }
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done) throw malformed(`it ends before ${this.dashed}`);
    this.#held = Buffer.concat([this.#held, value]);
  }
}
