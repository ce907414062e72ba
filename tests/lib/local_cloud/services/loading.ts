/** What tests of load jobs share. */
import { assertEquals, assertRejects } from "@std/assert";
import { type Served, withBigQuery } from "./bigquery_server.ts";

export const FIELDS = [
  { name: "id", type: "INTEGER", mode: "REQUIRED" },
  { name: "name", type: "STRING" },
  { name: "price", type: "FLOAT" },
];
export const schema = { fields: FIELDS };
export const NDJSON = "NEWLINE_DELIMITED_JSON";

/** A Parquet file of what `sql` yields, by DuckDB. */
export async function parquet(
  { objects, warehouse }: Served,
  name: string,
  sql: string,
): Promise<string> {
  const path = `${objects.folder}/made`;
  const connection = await warehouse.connect();
  await connection.run(`COPY (${sql}) TO '${path}' (FORMAT PARQUET)`);
  connection.disconnectSync();
  await objects.put("data", name, await Deno.readFile(path));
  await Deno.remove(path);
  return `gs://data/${name}`;
}

/** A test with a fresh server that has a dataset `d`. */
export const test = (name: string, work: (served: Served) => Promise<void>) =>
  Deno.test(name, () =>
    withBigQuery(async (served) => {
      await served.client.createDataset("d");
      await work(served);
    }));

/** Asserts that work fails with exactly this message. */
export const fails = async (work: () => Promise<unknown>, message: string) => {
  const error = await assertRejects(work) as Error;
  assertEquals(error.message, message);
};
