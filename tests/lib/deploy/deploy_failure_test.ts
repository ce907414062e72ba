import { assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { toDeployFailure } from "../../../lib/deploy/deploy_failure.ts";
import { badInput } from "../../../lib/failure.ts";

const scene = { project: "shop-1", dataset: "web", where: "cloud" as const };
const failed = (code: number, message: string) => {
  const { message: said, exitCode } = toDeployFailure(
    Object.assign(new Error(message), { code }),
    scene,
  );
  return [exitCode, said] as const;
};

Deno.test("an API that is not enabled leads to the command that enables it", () => {
  const [code, said] = failed(
    7,
    "7 PERMISSION_DENIED: Vertex AI API has not been used in project 1 before or it is disabled. " +
      "Enable it by visiting https://console.developers.google.com/apis/api/aiplatform.googleapis.com",
  );
  assertEquals(code, 3);
  assertStringIncludes(
    said,
    "run `gcloud services enable aiplatform.googleapis.com --project=shop-1`",
  );
});

Deno.test("the API that is to be enabled is the one that was asked", () => {
  const [, said] = failed(
    403,
    "BigQuery API has not been used in project 1 before or it is disabled. Enable it by visiting " +
      "https://console.developers.google.com/apis/api/bigquery.googleapis.com/overview?project=1",
  );
  assertStringIncludes(said, "gcloud services enable bigquery.googleapis.com --project=shop-1");
});

Deno.test("a missing permission names the role", () => {
  const [code, said] = failed(
    7,
    "7 PERMISSION_DENIED: Permission 'aiplatform.models.upload' denied.",
  );
  assertEquals(code, 3);
  assertStringIncludes(said, "the role Vertex AI User is enough (Permission 'aiplatform.models");
});

Deno.test("other errors of Vertex AI lose gRPC's number", () => {
  assertEquals(
    failed(9, "9 FAILED_PRECONDITION: The model is being deployed."),
    [1, "The model is being deployed"],
  );
});

Deno.test("sentences stay, and an unexpected answer says what was not as expected", () => {
  const failure = badInput("Cannot do it");
  assertEquals(toDeployFailure(failure, scene), failure);
  const error = z.object({ predicted_item: z.array(z.string()) }).safeParse({}).error;
  assertStringIncludes(toDeployFailure(error, scene).message, "as it is not as expected: ");
});
