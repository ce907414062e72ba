import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readArguments, USAGE } from "../../lib/arguments.ts";
import { Failure } from "../../lib/failure.ts";

const refusal = (...args: string[]) => assertThrows(() => readArguments(args), Failure).message;

Deno.test("without arguments both models are trained on the published features of the sample", () => {
  assertEquals(readArguments([]), {
    ...{ models: ["user_clusters", "product_affinity"], features: "published", clusters: 4 },
    ...{ isForced: false, events: undefined, table: undefined, project: undefined },
    ...{ dataset: "ecommerce_public", location: undefined, bucket: undefined },
    ...{ dataFolder: undefined, isConfirmed: false, users: [], json: undefined, isQuiet: false },
  });
});

Deno.test("help is asked for, and names every option", () => {
  assertEquals(readArguments(["--help"]), undefined);
  for (
    const option of ["model", "features", "clusters", "events", "table", "project", "dataset"]
      .concat(["location", "yes", "json", "quiet", "user", "data", "bucket", "force"])
  ) assertStringIncludes(USAGE, `--${option} `);
});

Deno.test("a wrong value is refused with what it must be", () => {
  assertEquals(
    refusal("--clusters", "many"),
    'Cannot use --clusters as it must be a whole number from 2 to 100: current value is "many"',
  );
  assertEquals(
    refusal("--model", "users"),
    'Cannot use --model as it must be user_clusters or product_affinity: current value is "users"',
  );
  for (const clusters of ["1", "101", "4.5", "-3", "", "1e1"]) {
    assertStringIncludes(refusal(`--clusters=${clusters}`), "from 2 to 100");
  }
  assertStringIncludes(refusal("--features", "mended"), "published or corrected");
  assertStringIncludes(refusal("--table", "events"), "dataset.table");
  assertStringIncludes(refusal("--dataset", "a-b"), "letters, digits and underscores");
  assertStringIncludes(refusal("--dataset", "x`; DROP"), "letters, digits and underscores");
});

Deno.test("an unknown option is refused by name, and so are a file and a table together", () => {
  assertEquals(
    refusal("--cluster", "4"),
    "Cannot read the arguments: Unknown option '--cluster' (see --help)",
  );
  assertEquals(
    refusal("--events", "a.csv", "--table", "d.t"),
    "Cannot use --events and --table together: give one of them",
  );
});

Deno.test("tables of other projects, one for each day, and repeated users are understood", () => {
  const table = "bigquery-public-data.ga4_obfuscated_sample_ecommerce.events_*";
  const settings = readArguments(["--table", table, "--user", "a", "--user", "b.c"]);
  assertEquals([settings?.table, settings?.users], [table, ["a", "b.c"]]);
});
