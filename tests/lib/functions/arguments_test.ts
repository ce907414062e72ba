import { assertEquals, assertThrows } from "@std/assert";
import { Failure } from "../../../lib/failure.ts";
import { readArguments } from "../../../lib/functions/arguments.ts";

const DEFAULTS = {
  ...{ port: 8080, dataset: "ecommerce_public", features: undefined, timeout: 30 },
  ...{ project: undefined, location: undefined, region: undefined, dataFolder: undefined },
  ...{ allowOrigin: undefined, isCloudRun: false, isContainer: false },
};

Deno.test("without arguments the functions are behind the local cloud, on port 8080", () => {
  assertEquals<unknown>(readArguments([]), DEFAULTS);
});

Deno.test("the environment counts in a container only, and options before it", () => {
  const env = { PROJECT: "my-project", PORT: "9000", REGION: "us-central1", DATASET: "" };
  assertEquals<unknown>(readArguments([], { env }), DEFAULTS);
  const named = {
    ...DEFAULTS,
    ...{ project: "my-project", port: 9000, region: "us-central1", isContainer: true },
  };
  assertEquals<unknown>(readArguments([], { env: { ...env, K_SERVICE: "functions" } }), {
    ...{ ...named, isCloudRun: true },
  });
  assertEquals<unknown>(readArguments([], { env, hasLocalCloud: false }), named);
  assertEquals<unknown>(
    readArguments(["--port", "9001", "--features", "corrected"], { env, hasLocalCloud: false }),
    { ...named, port: 9001, features: "corrected" },
  );
});

Deno.test("in a container there must be a project, as there is no local cloud", () => {
  const env = { K_SERVICE: "functions" };
  assertThrows(() => readArguments([], { env }), Failure, "on Cloud Run as PROJECT is not set");
  assertThrows(
    () => readArguments([], { hasLocalCloud: false }),
    Failure,
    "in the container as PROJECT is not set",
  );
  const args = ["--project", "my-project"];
  assertEquals(readArguments(args, { hasLocalCloud: false })?.project, "my-project");
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
