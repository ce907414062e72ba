import { assertEquals } from "@std/assert";
import { CloudError, invalidQuery, notFound } from "../../../../lib/local_cloud/errors.ts";
import { renderError } from "../../../../lib/local_cloud/services/error_response.ts";

Deno.test("an error is rendered as Google's envelope", async () => {
  const response = renderError(notFound("Dataset p:d"));
  assertEquals(response.status, 404);
  assertEquals(await response.json(), {
    error: {
      code: 404,
      message: "Not found: Dataset p:d",
      errors: [{ domain: "global", reason: "notFound", message: "Not found: Dataset p:d" }],
      status: "NOT_FOUND",
    },
  });
});

Deno.test("an error says what it is about", async () => {
  const [query] = (await renderError(invalidQuery("no")).json()).error.errors;
  assertEquals([query.location, query.locationType], ["q", "parameter"]);
  const [field] = (await renderError(new CloudError("invalid", "no", "x")).json()).error.errors;
  assertEquals(field.location, "x");
});

Deno.test("what nobody foresaw is told without its details, and logged", async () => {
  const { error: log } = console;
  const logged: unknown[] = [];
  console.error = (...all: unknown[]) => logged.push(...all);
  const response = renderError(new Error("/secret/path"));
  console.error = log;
  assertEquals(response.status, 500);
  const text = await response.text();
  assertEquals(text.includes("secret"), false);
  assertEquals(JSON.parse(text).error.errors[0].reason, "internalError");
  assertEquals(String(logged[1]), "Error: /secret/path");
});
