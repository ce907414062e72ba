import { assertEquals, assertStringIncludes } from "@std/assert";
import { EXIT, Failure, toFailure } from "../../lib/failure.ts";

const SCENE = { project: "shop-1", dataset: "web", location: "EU", where: "cloud" } as const;

const explained = (error: unknown) => {
  const { message, exitCode } = toFailure(error, SCENE);
  return { message, exitCode };
};
const apiError = (code: number, message: string, reason = "") =>
  Object.assign(new Error(message), { code, errors: [{ reason, message }] });

Deno.test("missing credentials lead to the command that makes them", () => {
  const { message, exitCode } = explained(
    new Error("Could not load the default credentials. Browse"),
  );
  assertStringIncludes(message, "gcloud auth application-default login");
  assertEquals(exitCode, EXIT.access);
});

Deno.test("a missing dataset leads to the command that makes it", () => {
  const error = apiError(404, "Not found: Dataset shop-1:web was not found in location EU");
  assertEquals(explained(error), {
    message: "Cannot find the dataset shop-1.web in location EU: create it with " +
      "`bq mk --dataset --location=EU shop-1:web` or name another by --dataset",
    exitCode: EXIT.access,
  });
});

Deno.test("a missing permission names the project, the roles and Google's words", () => {
  const { message, exitCode } = explained(
    apiError(403, "Access Denied: User lacks bigquery.jobs.create in project shop-1."),
  );
  assertStringIncludes(message, "Cannot use project shop-1 as permission is missing");
  assertStringIncludes(message, "BigQuery Job User");
  assertStringIncludes(message, "bigquery.jobs.create in project shop-1)");
  assertEquals(exitCode, EXIT.access);
});

Deno.test("matrix factorization without a reservation leads to what can be done", () => {
  const error = apiError(
    400,
    "Training Matrix Factorization models is not available for on-demand usage. To train, …",
  );
  assertStringIncludes(explained(error).message, "--model user_clusters");
});

Deno.test("a cancelled job and an aborted wait are stops, not errors", () => {
  assertEquals(explained(apiError(499, "Job was cancelled", "stopped")).exitCode, EXIT.interrupted);
  assertEquals(explained(AbortSignal.abort().reason).exitCode, EXIT.interrupted);
});

Deno.test("a sentence of our own stays as it is, and anything else is cut to one line", () => {
  const own = new Failure("Cannot do it", EXIT.input);
  assertEquals(toFailure(own, SCENE), own);
  assertEquals(explained(new Error("Broken.\n  at line 3")), {
    message: "Broken",
    exitCode: EXIT.failed,
  });
});
