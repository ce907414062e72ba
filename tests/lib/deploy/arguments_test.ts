import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  DEPLOY_USAGE,
  type PlaceSettings,
  readDeployArguments,
  readUndeployArguments,
  UNDEPLOY_USAGE,
} from "../../../lib/deploy/arguments.ts";
import { Failure } from "../../../lib/failure.ts";

const refusal = (...args: string[]) =>
  assertThrows(() => readDeployArguments(args), Failure).message;

const PLACE: PlaceSettings = {
  ...{ models: ["user_clusters", "product_affinity"], project: undefined },
  ...{ dataset: "ecommerce_public", location: undefined, region: undefined, dataFolder: undefined },
  ...{ isConfirmed: false, json: undefined, isQuiet: false },
};

Deno.test("without arguments both models are deployed here, with all traffic", () => {
  assertEquals(readDeployArguments([]), {
    ...{ ...PLACE, minReplicas: undefined, maxReplicas: undefined, bucket: undefined },
    ...{ machine: undefined, canary: undefined, isRollback: false },
  });
  assertEquals(readUndeployArguments([]), PLACE);
});

Deno.test("help is asked for, and names every option", () => {
  assertEquals(readDeployArguments(["--help"]), undefined);
  assertEquals(readUndeployArguments(["-h"]), undefined);
  const both = [
    "model",
    "project",
    "dataset",
    "location",
    "region",
    "data",
    "yes",
    "json",
    "quiet",
  ];
  for (const option of both) {
    assertStringIncludes(DEPLOY_USAGE, `--${option} `);
    assertStringIncludes(UNDEPLOY_USAGE, `--${option} `);
  }
  for (
    const option of ["bucket", "machine", "min-replicas", "max-replicas", "canary", "rollback"]
  ) {
    assertStringIncludes(DEPLOY_USAGE, `--${option} `);
  }
});

Deno.test("machines, shares and places are read", () => {
  const settings = readDeployArguments(
    "--model user_clusters --machine n1-highmem-4 --min-replicas 2 --max-replicas 5 --canary 10"
      .split(" ").concat("--region", "europe-west4", "--bucket", "my-bucket", "--yes"),
  );
  assertEquals(
    [settings?.models, settings?.machine, settings?.minReplicas, settings?.maxReplicas],
    [["user_clusters"], "n1-highmem-4", 2, 5],
  );
  assertEquals(
    [settings?.canary, settings?.region, settings?.bucket, settings?.isConfirmed],
    [10, "europe-west4", "my-bucket", true],
  );
});

Deno.test("a wrong value is refused with what it must be", () => {
  for (const canary of ["0", "100", "-1", "ten", "10%"]) {
    assertStringIncludes(refusal(`--canary=${canary}`), "a whole number from 1 to 99");
  }
  assertStringIncludes(refusal("--machine", "big"), "a machine type such as n1-standard-2");
  assertStringIncludes(refusal("--region", "US"), "a region such as us-central1");
  assertStringIncludes(refusal("--min-replicas", "0"), "from 1 to 100");
  assertEquals(
    refusal("--min-replicas", "3", "--max-replicas", "2"),
    "Cannot use --max-replicas as it must be --min-replicas or more: current values are 2 and 3",
  );
  assertEquals(
    refusal("--canary", "5", "--rollback"),
    "Cannot use --canary and --rollback together: give one of them",
  );
  assertEquals(
    refusal("--promote"),
    "Cannot read the arguments: Unknown option '--promote' (see --help)",
  );
  assertThrows(() => readUndeployArguments(["--canary", "5"]), Failure, "Unknown option");
});
