import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Json, load } from "./bigquery_server.ts";
import { fails, NDJSON, parquet, schema, test } from "./loading.ts";

test("a bad value is named with its field, row and file, and nothing is half loaded", async (served) => {
  const good = await served.upload("good.csv", "1,x,1\n");
  const message = async (options: Json, text: string) => {
    const sourceUris = [good, await served.upload("bad", text)];
    const error = await assertRejects(() =>
      load(served, { sourceUris, schema, ...options })
    ) as Error;
    assertEquals(await served.client.dataset("d").table("t").exists(), [false]);
    return error.message.replace("Error while reading data, error message: ", "")
      .replace("File: gs://data/bad", "F");
  };
  assertEquals(
    await message({}, "1,x,1\n2,y,cheap\n"),
    "Could not parse 'cheap' as FLOAT64 for field price; row: 2. F",
  );
  assertEquals(
    await message({}, "1.5,x,1\n"),
    "Could not parse '1.5' as INT64 for field id; row: 1. F",
  );
  assertEquals(await message({}, ",x,1\n"), "Required field id cannot be null; row: 1. F");
  assertEquals(
    await message({}, "1,x,1\n1,x\n"),
    "CSV Error on Line: 2, Original Line: 1,x, Expected Number of Columns: 3 Found: 2. F",
  );
  assertEquals(
    await message({}, '1,"x\ny",1\n'),
    "Quoted text has a newline in it: set allowQuotedNewlines. F",
  );
});

test("a bad value in JSON is named, as are unknown fields and broken lines", async (served) => {
  const message = async (text: string) => {
    const sourceUris = [await served.upload("bad", text)];
    const options = { sourceUris, sourceFormat: NDJSON, schema };
    const error = await assertRejects(() => load(served, options)) as Error;
    return error.message.replace("Error while reading data, error message: ", "")
      .replace(" File: gs://data/bad", "");
  };
  assertEquals(
    await message('{"id":1}\n{"id":"one"}\n'),
    "Could not parse 'one' as INT64 for field id; row: 2.",
  );
  assertEquals(await message('{"name":"x"}\n'), "Required field id cannot be null; row: 1.");
  assertEquals(
    await message('{"id":1,"colour":"red"}\n'),
    "JSON parsing error: No such field: colour.",
  );
  assert((await message('{"id":1}\n{"id":\n')).startsWith("Malformed JSON in file"));
});

test("a JSON field in another case than its column is named, never passed over", async (served) => {
  const sourceUris = [await served.upload("cased", '{"id":1,"NAME":"x","colour":"red"}\n')];
  const options = { sourceUris, sourceFormat: NDJSON, schema, ignoreUnknownValues: true };
  const error = await assertRejects(() => load(served, options)) as Error;
  assert(error.message.includes("No such field: NAME (the column is called name)"));
});

test("a wrong column in Parquet is named", async (served) => {
  const options = { sourceFormat: "PARQUET", schema };
  const message = async (sql: string) => {
    const sourceUris = [await parquet(served, "bad", sql)];
    const error = await assertRejects(() => load(served, { ...options, sourceUris })) as Error;
    return error.message.replace("Error while reading data, error message: ", "")
      .replace(" File: gs://data/bad", "");
  };
  assertEquals(
    await message("SELECT 1 AS id, 2 AS name"),
    "Parquet column 'name' has type INT64 which does not match the target type STRING.",
  );
  assertEquals(await message("SELECT 'x' AS name"), "Required column 'id' is missing.");
  assertEquals(
    await message("SELECT NULL::INTEGER AS id"),
    "Required field id cannot be null.",
  );
  assertEquals(
    await message("SELECT 1 AS id, 2 AS other"),
    "Parquet column 'other' is not in the table's schema.",
  );
  const text = await served.upload("bad", "this is no Parquet file");
  await assertRejects(
    () => load(served, { ...options, sourceUris: [text] }),
    Error,
    "gs://data/bad",
  );
});

test("bad rows are skipped up to maxBadRecords, over all files", async (served) => {
  const sourceUris = [
    await served.upload("1.csv", "1,x,1\nno,x,1\n2,x,1\n"),
    await served.upload("2.csv", "3,x,no\n4,x,1\n"),
  ];
  const statistics = await load(served, { sourceUris, schema, maxBadRecords: 2 });
  assertEquals([statistics.outputRows, statistics.badRecords], ["3", "2"]);
  await fails(
    () => load(served, { sourceUris, schema, maxBadRecords: 1 }, "other"),
    "Error while reading data, error message: " +
      "Could not parse 'no' as FLOAT64 for field price; row: 1. File: gs://data/2.csv",
  );
});

test("options that are not known are refused by name before anything runs", async (served) => {
  const sourceUris = ["gs://data/a"];
  await fails(
    () => load(served, { sourceUris, hivePartitioningOptions: {} }),
    "configuration.load.hivePartitioningOptions is not supported by the local cloud",
  );
  await fails(
    () => load(served, { sourceUris, sourceFormat: "AVRO" }),
    "Source format AVRO is not supported by the local cloud",
  );
  await fails(
    () => load(served, { sourceUris: ["gs://data/*/*"], schema }),
    "Source URI must be a Google Cloud Storage location with at most one *: gs://data/*/*",
  );
  const extract = { configuration: { extract: {} } };
  const [status, { error }] = await served.call("POST", "/jobs", extract);
  assertEquals([status, error.errors[0].reason], [501, "notImplemented"]);
});

test("a date or time beyond year 9999 is refused, also as seconds", async (served) => {
  const lines: [string, string][] = [
    ["TIMESTAMP", "1500000000000"],
    ["TIMESTAMP", '"20000-01-01 00:00:00"'],
    ["DATE", '"10000-01-01"'],
    ["DATETIME", '"10000-01-01T00:00:00"'],
  ];
  for (const [type, value] of lines) {
    const sourceUris = [await served.upload("far", `{"at":${value}}`)];
    const options = {
      sourceUris,
      sourceFormat: NDJSON,
      schema: { fields: [{ name: "at", type }] },
    };
    const error = await assertRejects(() => load(served, options)) as Error;
    const told = `as ${type} for field at; row: 1`;
    assertEquals(error.message.includes(told), true, error.message);
  }
});
