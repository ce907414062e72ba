import { assertEquals, assertThrows } from "@std/assert";
import { Failure } from "../../../lib/failure.ts";
import { readArguments } from "../../../lib/functions/arguments.ts";

const DEFAULTS = {
  ...{ port: 8080, dataset: "ecommerce_public", features: "published", timeout: 30 },
  ...{ project: undefined, location: undefined, region: undefined, dataFolder: undefined },
  ...{ allowOrigin: undefined, isCloudRun: false },
};

Deno.test("without arguments the functions are behind the local cloud, on port 8080", () => {
  assertEquals<unknown>(readArguments([]), DEFAULTS);
});

Deno.test("the environment counts on Cloud Run only", () => {
  const env = { PROJECT: "my-project", PORT: "9000", REGION: "us-central1", DATASET: "" };
  assertEquals<unknown>(readArguments([], env), DEFAULTS);
  assertEquals<unknown>(readArguments([], { ...env, K_SERVICE: "functions" }), {
    ...DEFAULTS,
    ...{ project: "my-project", port: 9000, region: "us-central1", isCloudRun: true },
  });
});

Deno.test("on Cloud Run there must be a project, as there is no local cloud", () => {
  assertThrows(() => readArguments([], { K_SERVICE: "functions" }), Failure, "PROJECT is not set");
});

Deno.test("wrong values and unknown options are refused, help is only shown", () => {
  for (
    const args of [
      ...[["--port", "70000"], ["--timeout", "0"], ["--features", "other"], ["--region", "US"]],
      ...[["--allow-origin", "*"], ["--allow-origin", "https://a/b"], ["--dataset", "a.b"]],
      ...[["--unknown"], ["name"]],
    ]
  ) assertThrows(() => readArguments(args), Failure, "Cannot");
  assertEquals(readArguments(["--help"]), undefined);
});
