/** Contents of objects going out. */
import { CloudError } from "../../errors.ts";
import type { ByteRange, ObjectRecord, ObjectStore } from "../../object_store.ts";

/**
 * Answers with an object's contents, or the part that a Range header asks for. What was stored
 * compressed is sent as it is to who accepts gzip, and unpacked to anyone else.
 *
 * @see https://docs.cloud.google.com/storage/docs/transcoding
 */
export async function sendContents(
  store: ObjectStore,
  object: ObjectRecord,
  request: Request,
): Promise<Response> {
  const headers = headersOf(object);
  const packed = object.details.contentEncoding === "gzip";
  if (packed && !/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")) {
    const unpacked = (await store.read(object)).pipeThrough(new DecompressionStream("gzip"));
    headers.delete("content-encoding");
    return new Response(unpacked, { headers });
  }
  const range = parseRange(request.headers.get("range"), object.size);
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${object.size}`);
    return new Response("The requested range cannot be satisfied.", { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  headers.set("content-length", String(end - start + 1));
  if (range) headers.set("content-range", `bytes ${start}-${end}/${object.size}`);
  return new Response(await store.read(object, { start, end }), {
    status: range ? 206 : 200,
    headers,
  });
}

/** Errors of downloads are plain text: clients show the body as the message. */
export async function orPlainText(respond: () => Promise<Response>): Promise<Response> {
  try {
    return await respond();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return new Response(error.message, { status: error.code });
  }
}

function headersOf(object: ObjectRecord): Headers {
  const { details, md5Hash, crc32c, generation, metageneration, size, updated } = object;
  const headers = new Headers({
    "accept-ranges": "bytes",
    "content-type": "application/octet-stream",
    "cache-control": "no-cache",
    "last-modified": new Date(updated).toUTCString(),
    "etag": `"${generation}-${metageneration}"`,
    "x-goog-generation": String(generation),
    "x-goog-metageneration": String(metageneration),
    "x-goog-hash": `crc32c=${crc32c},md5=${md5Hash}`,
    "x-goog-stored-content-length": String(size),
    "x-goog-stored-content-encoding": details.contentEncoding ?? "identity",
  });
  const own = {
    "content-type": details.contentType,
    "content-encoding": details.contentEncoding,
    "content-disposition": details.contentDisposition,
    "content-language": details.contentLanguage,
    "cache-control": details.cacheControl,
  };
  for (const [name, value] of Object.entries(own)) {
    // A header carries printable ASCII; what else a caller stored stays in the resource.
    if (value && /^[\x20-\x7e]+$/.test(value)) headers.set(name, value);
  }
  return headers;
}

/** One range of bytes (RFC 9110, 14.1.2); a header that makes no sense is as good as none. */
function parseRange(
  header: string | null,
  size: number,
): Required<ByteRange> | "unsatisfiable" | undefined {
  const [whole, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (whole === undefined || (from === "" && to === "")) return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return start > end ? "unsatisfiable" : { start, end };
}
