import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Json, type Served, withBigQuery } from "./bigquery_server.ts";

const test = (name: string, work: (served: Served) => Promise<void>) =>
  Deno.test(name, () => withBigQuery(work));

/** A query that takes some seconds and is the work of DuckDB alone. */
const LONG =
  "SELECT COUNT(*) AS n FROM UNNEST(GENERATE_ARRAY(1, 40000)) a, UNNEST(GENERATE_ARRAY(1, 200000)) b WHERE MOD(a * b, 7) = 3";

test("a query answers with its columns and rows, in the client's types", async ({ client }) => {
  const [rows] = await client.query(
    "SELECT 1 AS i, 0.5 AS f, 'x' AS s, TRUE AS b, DATE '2020-01-02' AS d, [1, 2] AS l, STRUCT(1 AS a, 'y' AS z) AS r",
  );
  assertEquals(rows.length, 1);
  const [{ d, ...rest }] = rows;
  assertEquals(rest, { i: 1, f: 0.5, s: "x", b: true, l: [1, 2], r: { a: 1, z: "y" } });
  assertEquals(d.value, "2020-01-02");
});

test("parameters are taken by name and by position, arrays and structs too", async ({ client }) => {
  const [[named]] = await client.query({
    query: "SELECT @n + 1 AS n, @s AS s, ARRAY_LENGTH(@l) AS l",
    params: { n: 41, s: "it's", l: ["a", "b"] },
  });
  assertEquals(named, { n: 42, s: "it's", l: 2 });
  const [[positional]] = await client.query({ query: "SELECT ? AS a, ? AS b", params: [1, "x"] });
  assertEquals(positional, { a: 1, b: "x" });
  const [[record]] = await client.query({ query: "SELECT @r AS r", params: { r: { a: 5 } } });
  assertEquals(record, { r: { a: 5 } });
});

test("the client's own option for types is passed over, and a JSON parameter is JSON", async ({ client }) => {
  const [[row]] = await client.query({
    query: "SELECT @nothing AS nothing, JSON_VALUE(@j, '$.a') AS a",
    params: { nothing: null, j: '{"a": "x"}' },
    types: { nothing: "STRING", j: "JSON" },
    jobTimeoutMs: 60_000,
  });
  assertEquals(row, { nothing: null, a: "x" });
});

test("a result of many rows comes in pages and whole", async ({ client, call }) => {
  const query = "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 2500)) AS x ORDER BY x";
  const [rows] = await client.query(query);
  assertEquals(rows.map(({ x }) => x), Array.from({ length: 2500 }, (_, i) => i + 1));
  const body = { query, useLegacySql: false, maxResults: 1000 };
  const [, first] = await call("POST", "/queries", body);
  assertEquals([first.totalRows, first.rows.length, first.jobComplete], ["2500", 1000, true]);
  const path = `/queries/${first.jobReference.jobId}?maxResults=1000`;
  const [, second] = await call("GET", `${path}&pageToken=${first.pageToken}`);
  assertEquals(second.rows[0].f[0].v, "1001");
  const [, last] = await call("GET", `${path}&startIndex=2499`);
  assertEquals([last.rows.length, last.pageToken], [1, undefined]);
});

test("an error of a query is the HTTP error, with place and reason", async ({ client, call }) => {
  const error = await assertRejects(() => client.query("SELECT nope")) as Json;
  assertEquals(error.code, 400);
  assertEquals(error.errors[0].reason, "invalidQuery");
  assertEquals(error.errors[0].location, "q");
  assert(/Unrecognized name: nope at \[1:8\]/.test(error.message), error.message);
  const [, job] = await call("POST", "/jobs", {
    configuration: { query: { query: "SELECT nope", useLegacySql: false } },
  });
  const [status] = await call("GET", `/queries/${job.jobReference.jobId}`);
  assertEquals(status, 400);
  const [, done] = await call("GET", `/jobs/${job.jobReference.jobId}`);
  assertEquals(done.status.state, "DONE");
  assertEquals(done.status.errorResult.reason, "invalidQuery");
});

test("legacy SQL is refused by name; a first line decides over the option", async ({ call }) => {
  const query = async (sql: string, useLegacySql?: boolean) => {
    const [status, answer] = await call("POST", "/queries", { query: sql, useLegacySql });
    return status === 200 ? answer.rows[0].f[0].v : answer.error.message.split(":")[0];
  };
  const refusal = "Legacy SQL is not supported by the local cloud";
  assertEquals(await query("SELECT 1"), refusal);
  assertEquals(await query("SELECT 1", true), refusal);
  assertEquals(await query("#legacySQL\nSELECT 1", false), refusal);
  assertEquals(await query("#standardSQL\nSELECT 1"), "1");
  assertEquals(await query("SELECT 1", false), "1");
});

test("a dry run runs nothing and tells columns and bytes", async ({ client }) => {
  const [dataset] = await client.createDataset("d");
  const [table] = await dataset.createTable("t", { schema: "x:INTEGER" });
  await table.insert([{ x: 1 }, { x: 2 }]);
  const [job] = await client.createQueryJob({ query: "SELECT x FROM d.t", dryRun: true });
  assertEquals(job.metadata.status.state, "DONE");
  assertEquals(job.metadata.statistics.totalBytesProcessed, "16");
  assertEquals(job.metadata.statistics.query.schema.fields[0].name, "x");
  assertEquals((await client.getJobs())[0], []);
  await assertRejects(() => client.createQueryJob({ query: "SELECT y FROM d.t", dryRun: true }));
});

test("a query writes into the table its job names", async ({ client }) => {
  const [dataset] = await client.createDataset("d");
  const destination = dataset.table("t");
  const query = "SELECT x FROM UNNEST([1, 2, 3]) AS x";
  const run = async (writeDisposition?: string) => {
    const [job] = await client.createQueryJob({ query, destination, writeDisposition });
    await job.getQueryResults();
  };
  await run();
  await assertRejects(() => run(), Error, "Already Exists: Table p:d.t");
  await run("WRITE_APPEND");
  assertEquals((await destination.getMetadata())[0].numRows, "6");
  await run("WRITE_TRUNCATE");
  const [[{ n }]] = await client.query(
    { query: "SELECT COUNT(*) AS n FROM t", defaultDataset: { datasetId: "d" } } as Json,
  );
  assertEquals(n, 3);
});

test("DDL and DML say what they did", async ({ client, call }) => {
  await client.createDataset("d");
  const run = async (query: string) => {
    const [job] = await client.createQueryJob(query);
    await job.getQueryResults();
    return (await job.getMetadata())[0].statistics.query;
  };
  const made = await run("CREATE TABLE d.t AS SELECT x FROM UNNEST([1, 2, 3]) AS x");
  assertEquals(made.statementType, "CREATE_TABLE_AS_SELECT");
  assertEquals(made.ddlOperationPerformed, "CREATE");
  assertEquals(made.ddlTargetTable.tableId, "t");
  const changed = await run("DELETE FROM d.t WHERE x > 1");
  assertEquals(changed.numDmlAffectedRows, "2");
  assertEquals(changed.dmlStats.deletedRowCount, "2");
  assertEquals(changed.queryInfo.optimizationDetails.evaluator, "duckdb");
  const body = { query: "INSERT INTO d.t VALUES (9)", useLegacySql: false };
  const [, answer] = await call("POST", "/queries", body);
  assertEquals([answer.numDmlAffectedRows, answer.totalRows], ["1", "0"]);
});

test("a script has a job for each statement, and the last one's rows", async ({ client }) => {
  await client.createDataset("d");
  const [job] = await client.createQueryJob(
    "CREATE TABLE d.t AS SELECT 1 AS x; SELECT x + 1 AS y FROM d.t;",
  );
  assertEquals((await job.getQueryResults())[0], [{ y: 2 }]);
  const [{ statistics }] = await job.getMetadata();
  assertEquals([statistics.query.statementType, statistics.numChildJobs], ["SCRIPT", "2"]);
  const [children] = await client.getJobs({ parentJobId: job.id } as Json);
  const types = children.map(({ metadata }) => metadata.statistics.query.statementType);
  assertEquals(types.sort(), ["CREATE_TABLE_AS_SELECT", "SELECT"]);
  const [top] = await client.getJobs();
  assertEquals(top.map(({ id }) => id), [job.id]);
});

test("a request id that comes again starts nothing new", async ({ client, call }) => {
  await client.createDataset("d");
  await client.query("CREATE TABLE d.t (x INT64)");
  const body = {
    query: "INSERT INTO d.t VALUES (1)",
    useLegacySql: false,
    requestId: crypto.randomUUID(),
  };
  const answers = await Promise.all([1, 2, 3].map(() => call("POST", "/queries", body)));
  assertEquals(new Set(answers.map(([, { jobReference }]) => jobReference.jobId)).size, 1);
  assertEquals((await client.query("SELECT COUNT(*) AS n FROM d.t"))[0], [{ n: 1 }]);
});

test("a cancelled query stops soon, and says so", async ({ client, call }) => {
  const [, started] = await call("POST", "/queries", {
    query: LONG,
    useLegacySql: false,
    timeoutMs: 100,
  });
  assertEquals([started.jobComplete, started.rows], [false, undefined]);
  const job = client.job(started.jobReference.jobId);
  const from = performance.now();
  await job.cancel();
  const error = await assertRejects(() => job.getQueryResults()) as Json;
  assert(performance.now() - from < 3000);
  assertEquals(error.message, "Job execution was cancelled: User requested cancellation");
  assertEquals((await job.getMetadata())[0].status.errorResult.reason, "stopped");
});

test("a routine made by SQL is listed, read and deleted", async ({ client }) => {
  const [dataset] = await client.createDataset("d");
  await client.query("CREATE FUNCTION d.twice(x INT64) RETURNS INT64 AS (x * 2)");
  const [[routine]] = await dataset.getRoutines();
  const [metadata] = await routine.getMetadata();
  assertEquals(metadata.routineType, "SCALAR_FUNCTION");
  assertEquals(metadata.arguments, [{ name: "x", dataType: { typeKind: "INT64" } }]);
  assertEquals((await client.query("SELECT d.twice(4) AS n"))[0], [{ n: 8 }]);
  await routine.delete();
  assertEquals((await dataset.getRoutines())[0], []);
});
