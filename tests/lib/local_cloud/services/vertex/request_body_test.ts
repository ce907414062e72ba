import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../lib/local_cloud/errors.ts";
import { readBody } from "../../../../../lib/local_cloud/services/vertex/request_body.ts";

const LIMIT = 1_572_864;

/** A request as a client sends it: with the length of its body, or in chunks. */
function requestOf(body: Uint8Array<ArrayBuffer>, { chunked = false } = {}): Request {
  const headers: HeadersInit = chunked ? {} : { "content-length": String(body.length) };
  return new Request("http://127.0.0.1", {
    method: "POST",
    headers,
    body: chunked ? new Blob([body]).stream() : body,
  });
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const refused = (request: Request, part: string) =>
  assertRejects(() => readBody(request), CloudError, part);

Deno.test("a body may have 1.5 MB and no byte more, however it is sent", async () => {
  const text = '{"instances":["é"]}';
  const exact = bytesOf(text + " ".repeat(LIMIT - bytesOf(text).length));
  for (const chunked of [false, true]) {
    assertEquals(await readBody(requestOf(exact, { chunked })), { instances: ["é"] });
    const longer = new Uint8Array([...exact, 32]);
    await refused(requestOf(longer, { chunked }), `exceeds the limit: ${LIMIT} bytes`);
    // fewer characters than bytes are allowed
    const wide = bytesOf(`{"instances":["${"é".repeat(LIMIT / 2)}"]}`);
    await refused(requestOf(wide, { chunked }), `exceeds the limit: ${LIMIT} bytes`);
  }
});

Deno.test("a body without an end is not read to the end", async () => {
  let sent = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      sent += 100_000;
      controller.enqueue(new Uint8Array(100_000));
    },
  });
  const request = new Request("http://127.0.0.1", { method: "POST", body });
  await refused(request, "exceeds the limit");
  assertLess(sent, 2 * LIMIT);
});

Deno.test("what is no JSON object in UTF-8 is refused", async () => {
  await refused(requestOf(Uint8Array.of(0x22, 0xff, 0x22)), "It is not UTF-8");
  await refused(requestOf(bytesOf("{")), "Invalid JSON payload received");
  await refused(requestOf(bytesOf("")), "Invalid JSON payload received");
  await refused(requestOf(bytesOf("[]")), "JSON Value: [] Is not object");
  await refused(requestOf(bytesOf('{"instances":[NaN]}')), "Invalid JSON payload received");
});
