import { assert, assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { type Json, load, rowsOf } from "./bigquery_server.ts";
import { fails, FIELDS, NDJSON, parquet, schema, test } from "./loading.ts";

test("CSV is loaded by the schema given, header skipped, quotes and NULLs as BigQuery reads them", async (served) => {
  const uri = await served.upload("a.csv", 'id,name,price\n1,"a ""b"", c",0.5\n2,,\n3,"",-1e3\n');
  const statistics = await load(served, { sourceUris: [uri], schema, skipLeadingRows: 1 });
  assertEquals(statistics.outputRows, "3");
  assertEquals(statistics.inputFiles, "1");
  assertEquals(await rowsOf(served), [
    ["1", 'a "b", c', "0.5"],
    ["2", null, null],
    ["3", "", "-1000.0"],
  ]);
});

test("CSV of another dialect is loaded by its options", async (served) => {
  const uri = await served.upload("a.csv", "1;'x;y';\\N\n2;'two\nlines';2\n");
  await load(served, {
    sourceUris: [uri],
    schema,
    fieldDelimiter: ";",
    quote: "'",
    nullMarker: "\\N",
    allowQuotedNewlines: true,
  });
  assertEquals(await rowsOf(served), [["1", "x;y", null], ["2", "two\nlines", "2.0"]]);
});

test("CSV types are detected, with and without a header", async (served) => {
  const csv = "1,x,0.5,true,2020-01-01,2020-01-01 10:00:00\n2,y,1.5,false,2020-01-02,\n";
  const bare = await served.upload("bare.csv", csv);
  const headed = await served.upload("headed.csv", `id,name,price,ok,day,at time\n${csv}`);
  await load(served, { sourceUris: [bare], autodetect: true }, "bare");
  await load(served, { sourceUris: [headed], autodetect: true }, "headed");
  const types = ["INTEGER", "STRING", "FLOAT", "BOOLEAN", "DATE", "TIMESTAMP"];
  const columnsOf = async (id: string) => {
    const [, { schema }] = await served.call("GET", `/datasets/d/tables/${id}`);
    return schema.fields.map((field: Json) => [field.name, field.type]);
  };
  const names = ["id", "name", "price", "ok", "day", "at_time"];
  assertEquals(await columnsOf("headed"), names.map((name, i) => [name, types[i]]));
  const kinds = ["int64", "string", "double", "bool", "date", "timestamp"];
  assertEquals(
    await columnsOf("bare"),
    kinds.map((kind, i) => [`${kind}_field_${i}`, types[i]]),
  );
  assertEquals(await rowsOf(served, "bare"), await rowsOf(served, "headed"));
});

test("JSON is loaded with its nested and repeated fields, compressed or not", async (served) => {
  const lines = [
    {
      id: 1,
      tags: ["a", "b"],
      who: { name: "x", marks: [1] },
      at: "2020-01-01T00:00:00Z",
      y: "AP8=",
    },
    { id: "2", who: null, at: 1577836800.5 },
    { id: 3, who: {} },
  ].map((line) => JSON.stringify(line)).join("\n");
  const fields = [
    { name: "id", type: "INTEGER" },
    { name: "tags", type: "STRING", mode: "REPEATED" },
    {
      name: "who",
      type: "RECORD",
      fields: [{ name: "name", type: "STRING" }, {
        name: "marks",
        type: "INTEGER",
        mode: "REPEATED",
      }],
    },
    { name: "at", type: "TIMESTAMP" },
    { name: "y", type: "BYTES" },
  ];
  const uris = [
    await served.upload("a.json", lines),
    await served.upload("b.json", gzipSync(lines)),
  ];
  await load(served, { sourceUris: uris, sourceFormat: NDJSON, schema: { fields } });
  const once = [
    [
      "1",
      [{ v: "a" }, { v: "b" }],
      { f: [{ v: "x" }, { v: [{ v: "1" }] }] },
      "1.5778368E9",
      "AP8=",
    ],
    ["2", [], null, "1.5778368005E9", null],
    ["3", [], { f: [{ v: null }, { v: [] }] }, null, null],
  ];
  assertEquals(await rowsOf(served), [...once, ...once]);
});

test("JSON fields are detected", async (served) => {
  const uri = await served.upload("a.json", '{"a":1,"b":[{"c":"x"}]}\n{"a":2.5,"d":true}\n');
  await load(served, { sourceUris: [uri], sourceFormat: NDJSON, autodetect: true });
  const [, { schema }] = await served.call("GET", "/datasets/d/tables/t");
  assertEquals(schema.fields, [
    { name: "a", type: "FLOAT", mode: "NULLABLE" },
    {
      name: "b",
      type: "RECORD",
      mode: "REPEATED",
      fields: [{ name: "c", type: "STRING", mode: "NULLABLE" }],
    },
    { name: "d", type: "BOOLEAN", mode: "NULLABLE" },
  ]);
});

test("Parquet is loaded with the types it brings", async (served) => {
  const uri = await parquet(
    served,
    "a.parquet",
    `SELECT 1::INTEGER AS i, 0.5::FLOAT AS f, 'x' AS s, true AS b, DATE '2020-01-01' AS d,
      TIMESTAMP '2020-01-01 10:00:00' AS dt, TIMESTAMPTZ '2020-01-01 10:00:00+00' AS ts,
      1.50::DECIMAL(10, 2) AS n, 'x'::BLOB AS y`,
  );
  await load(served, { sourceUris: [uri], sourceFormat: "PARQUET" });
  const [, { schema }] = await served.call("GET", "/datasets/d/tables/t");
  assertEquals(schema.fields.map(({ name, type }: Json) => `${name} ${type}`), [
    "i INTEGER",
    "f FLOAT",
    "s STRING",
    "b BOOLEAN",
    "d DATE",
    "dt DATETIME",
    "ts TIMESTAMP",
    "n NUMERIC",
    "y BYTES",
  ]);
  assertEquals(await rowsOf(served), [
    ["1", "0.5", "x", "true", "2020-01-01", "2020-01-01T10:00:00", "1.5778728E9", "1.5", "eA=="],
  ]);
});

test("Parquet lists are arrays where BigQuery would read them so, and refused where not", async (served) => {
  const uri = await parquet(
    served,
    "a.parquet",
    "SELECT [{'k': 'a', 'v': {'n': 1, 'l': [2]}}] AS p UNION ALL SELECT NULL UNION ALL SELECT [{'k': 'b', 'v': NULL}]",
  );
  const options = { sourceUris: [uri], sourceFormat: "PARQUET" };
  await fails(
    () => load(served, options),
    "Error while reading data, error message: Parquet column 'p' is a LIST, which BigQuery reads " +
      "as a RECORD of a RECORD: set parquetOptions.enableListInference to read it as an ARRAY. " +
      "File: gs://data/a.parquet",
  );
  await load(served, { ...options, parquetOptions: { enableListInference: true } });
  const inner = { f: [{ v: "1" }, { v: [{ v: "2" }] }] };
  assertEquals(await rowsOf(served), [
    [[{ v: { f: [{ v: "a" }, { v: inner }] } }]],
    [[]],
    [[{ v: { f: [{ v: "b" }, { v: null }] } }]],
  ]);
});

test("a wildcard loads all objects it matches, in one go", async (served) => {
  for (const name of ["x/1.csv", "x/2.csv", "y/3.csv"]) {
    await served.upload(name, `${name[2]},n,1\n`);
  }
  const statistics = await load(served, { sourceUris: ["gs://data/x/*.csv"], schema });
  assertEquals([statistics.inputFiles, statistics.outputRows], ["2", "2"]);
  assertEquals((await rowsOf(served)).map(([id]: Json[]) => id), ["1", "2"]);
  await fails(
    () => load(served, { sourceUris: ["gs://data/none*"], schema }),
    "Not found: URI gs://data/none*",
  );
});

test("dispositions append, replace, or refuse what is there", async (served) => {
  const sourceUris = [await served.upload("a.csv", "1,x,1\n")];
  await load(served, { sourceUris, schema });
  await load(served, { sourceUris });
  assertEquals((await rowsOf(served)).length, 2);
  await fails(
    () => load(served, { sourceUris, writeDisposition: "WRITE_EMPTY" }),
    "Already Exists: Table p:d.t",
  );
  await load(served, {
    sourceUris,
    schema: { fields: [{ ...FIELDS[0], name: "number" }, ...FIELDS.slice(1)] },
    writeDisposition: "WRITE_TRUNCATE",
  });
  const [, table] = await served.call("GET", "/datasets/d/tables/t");
  assertEquals([table.schema.fields[0].name, table.numRows], ["number", "1"]);
  const never = { sourceUris, schema, createDisposition: "CREATE_NEVER" };
  await fails(() => load(served, never, "other"), "Not found: Table p:d.other");
  await fails(
    () => load(served, { sourceUris }, "other"),
    "No schema specified on job or table p:d.other.",
  );
});

test("loads at once neither fail nor lose rows", async (served) => {
  const sourceUris = [await served.upload("a.csv", "1,x,1\n")];
  const loads = (count: number, options: Json) =>
    Promise.all(Array.from({ length: count }, () => load(served, { sourceUris, ...options })));
  await loads(8, { schema });
  assertEquals((await rowsOf(served)).length, 8);
  await Promise.all([
    ...Array.from({ length: 4 }, () => loads(1, { writeDisposition: "WRITE_TRUNCATE" })),
    loads(4, {}),
  ]);
  const { length } = await rowsOf(served);
  assert(length >= 1 && length <= 5, `${length} rows`);
});

test("an append may add columns only if it says so", async (served) => {
  const first = await served.upload("1.json", '{"a":1}\n');
  const second = await served.upload("2.json", '{"a":2,"b":["x"]}\n');
  const options = { sourceFormat: NDJSON, autodetect: true };
  await load(served, { ...options, sourceUris: [first] });
  await fails(
    () => load(served, { ...options, sourceUris: [second] }),
    "Provided Schema does not match Table p:d.t. Cannot add fields (field: b)",
  );
  const schemaUpdateOptions = ["ALLOW_FIELD_ADDITION"];
  await load(served, { ...options, sourceUris: [second], schemaUpdateOptions });
  assertEquals(await rowsOf(served), [["1", []], ["2", [{ v: "x" }]]]);
});

test("a local file is loaded through the client, and a copy made of the table", async (served) => {
  const file = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeTextFile(file, "id,name,price\n1,x,0.5\n");
  const table = served.client.dataset("d").table("t");
  const [job] = await table.load(file, { schema, skipLeadingRows: 1 } as Json);
  assertEquals(job.status?.state, "DONE");
  assertEquals((await table.getRows())[0], [{ id: 1, name: "x", price: 0.5 }]);
  const copy = served.client.dataset("d").table("copy");
  await table.copy(copy);
  assertEquals((await copy.getRows())[0], [{ id: 1, name: "x", price: 0.5 }]);
  await Deno.remove(file);
});

test("a file in the bucket is loaded through the client", async (served) => {
  const sourceUri = await served.upload("a.csv", "1,x,0.5\n");
  const [job] = await served.client.dataset("d").createTable("t", { schema }).then(([table]) =>
    table.createLoadJob([] as Json, { sourceUris: [sourceUri] } as Json)
  );
  await new Promise((resolve, reject) => job.on("complete", resolve).on("error", reject));
  assertEquals((await rowsOf(served)).length, 1);
});

test("a million rows of Parquet load in seconds", async (served) => {
  const uri = await parquet(
    served,
    "big",
    `SELECT 'e' || i AS name, i AS id,
      [{'key': 'a', 'value': {'s': NULL::VARCHAR, 'i': i}}, {'key': 'b', 'value': {'s': 'x', 'i': NULL}}] AS params
      FROM range(1000000) t(i)`,
  );
  const started = performance.now();
  const parquetOptions = { enableListInference: true };
  const options = { sourceUris: [uri], sourceFormat: "PARQUET", parquetOptions };
  assertEquals((await load(served, options)).outputRows, "1000000");
  assert(performance.now() - started < 20_000);
});
