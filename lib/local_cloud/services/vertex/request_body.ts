/** The body of a request for predictions: read no further than it may be long. */
import { invalidArgument } from "./errors.ts";
import { shown } from "./json_values.ts";

/** 1.5 MB, as Vertex AI counts them. */
const LARGEST_REQUEST = 1_572_864;

const malformed = (why: string) => invalidArgument(`Invalid JSON payload received. ${why}`);

/**
 * The JSON object in a request's body.
 *
 * @throws {CloudError} `invalid`: it is none, no UTF-8, or over 1.5 MB.
 */
export async function readBody(request: Request): Promise<Record<string, unknown>> {
  const body = parsed(await readText(request));
  if (typeof body === "object" && body !== null && !Array.isArray(body)) {
    return body as Record<string, unknown>;
  }
  throw malformed(`JSON Value: ${shown(body)} Is not object`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error));
  }
}

async function readText(request: Request): Promise<string> {
  const announced = request.headers.get("content-length");
  const bytes = announced === null ? await readUnannounced(request) : await readAll(request);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed("It is not UTF-8: send JSON in UTF-8");
  }
}

async function readAll(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  checkSize(Number(request.headers.get("content-length")));
  return await request.bytes();
}

/** A body whose length nobody said may have no end. */
async function readUnannounced({ body }: Request): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    checkSize(size += chunk.length);
    chunks.push(chunk);
  }
  return await new Blob(chunks).bytes();
}

function checkSize(bytes: number): void {
  if (bytes <= LARGEST_REQUEST) return;
  throw invalidArgument(
    `Request payload size exceeds the limit: ${LARGEST_REQUEST} bytes. Send fewer instances at once`,
  );
}
