import { Buffer } from "node:buffer";
import { assertEquals, assertRejects } from "@std/assert";
import { rowsOf, withBigQuery } from "./bigquery_server.ts";

Deno.test("a table is made, read, widened, listed and deleted", () =>
  withBigQuery(async ({ client }) => {
    const [dataset] = await client.createDataset("d");
    const schema = [
      { name: "id", type: "INT64", mode: "REQUIRED" },
      { name: "tags", type: "STRING", mode: "REPEATED" },
      { name: "who", type: "STRUCT", fields: [{ name: "name", type: "STRING" }] },
    ];
    const [table] = await dataset.createTable("t", { schema, description: "First" });
    const [made] = await table.getMetadata();
    assertEquals(made.id, "p:d.t");
    assertEquals(made.type, "TABLE");
    assertEquals(made.numRows, "0");
    assertEquals(made.schema.fields.map((field: { type: string }) => field.type), [
      "INTEGER",
      "STRING",
      "RECORD",
    ]);
    const wider = [
      { name: "id", type: "INTEGER" },
      ...made.schema.fields.slice(1),
      { name: "price", type: "FLOAT" },
    ];
    const [changed] = await table.setMetadata({ schema: { fields: wider }, description: "Second" });
    assertEquals(changed.schema.fields[0].mode, "NULLABLE");
    assertEquals(changed.schema.fields[3], { name: "price", type: "FLOAT", mode: "NULLABLE" });
    assertEquals((await dataset.getTables())[0].map(({ id }) => id), ["t"]);
    await table.delete();
    assertEquals(await table.exists(), [false]);
  }));

Deno.test("a schema that takes something away is refused, naming the field", () =>
  withBigQuery(async ({ client, call }) => {
    const [dataset] = await client.createDataset("d");
    await dataset.createTable("t", { schema: "a:INTEGER,b:STRING" });
    const change = async (fields: unknown[]) => {
      const [, { error }] = await call("PATCH", "/datasets/d/tables/t", { schema: { fields } });
      return error.message;
    };
    const b = { name: "b", type: "STRING" };
    const a = { name: "a", type: "INTEGER" };
    const prefix = "Provided Schema does not match Table p:d.t. ";
    assertEquals(await change([b]), `${prefix}Field a is missing in new schema`);
    assertEquals(
      await change([{ ...a, type: "STRING" }, b]),
      `${prefix}Field a has changed type from INT64 to STRING`,
    );
    assertEquals(
      await change([{ ...a, mode: "REQUIRED" }, b]),
      `${prefix}Field a has changed mode from NULLABLE to REQUIRED`,
    );
    assertEquals(
      await change([a, b, { name: "c", type: "DATE", mode: "REQUIRED" }]),
      `${prefix}Cannot add required fields to an existing schema. (field: c)`,
    );
  }));

Deno.test("a schema that is none is refused, naming the field", () =>
  withBigQuery(async ({ client, call }) => {
    await client.createDataset("d");
    const insert = async (fields: unknown[]) => {
      const body = { tableReference: { tableId: "t" }, schema: { fields } };
      const [status, { error }] = await call("POST", "/datasets/d/tables", body);
      assertEquals(status, 400);
      return error.message;
    };
    const x = { name: "x", type: "INTEGER" };
    assertEquals(
      await insert([{ ...x, type: "NUMBER" }]),
      "Invalid value for type: NUMBER of field x",
    );
    assertEquals(
      await insert([{ ...x, mode: "MAYBE" }]),
      "Invalid value for mode: MAYBE of field x",
    );
    assertEquals(await insert([x, { ...x, name: "X" }]), "Duplicate field name: X");
    assertEquals(
      await insert([{ name: "r", type: "RECORD", fields: [{ name: "y", type: "GEOGRAPHY" }] }]),
      "Type GEOGRAPHY of field r.y is not supported by the local cloud",
    );
    assertEquals(
      await insert([{ ...x, maxLength: "3" }]),
      "schema.fields[0].maxLength is not supported by the local cloud",
    );
  }));

Deno.test("rows sent one by one come back as they were, in the client's types", () =>
  withBigQuery(async ({ client }) => {
    const [dataset] = await client.createDataset("d");
    const schema = [
      { name: "i", type: "INTEGER" },
      { name: "f", type: "FLOAT" },
      { name: "b", type: "BOOLEAN" },
      { name: "s", type: "STRING" },
      { name: "y", type: "BYTES" },
      { name: "n", type: "NUMERIC" },
      { name: "day", type: "DATE" },
      { name: "at", type: "TIMESTAMP" },
      { name: "list", type: "RECORD", mode: "REPEATED", fields: [{ name: "k", type: "INTEGER" }] },
    ];
    const [table] = await dataset.createTable("t", { schema });
    const row = {
      i: 9007199254740991,
      f: 0.1,
      b: true,
      s: "ü\n",
      y: Buffer.from([0, 255]),
      n: "12.5",
      day: "2020-02-29",
      at: "2020-02-29T12:30:00.123456Z",
      list: [{ k: 1 }, { k: 2 }],
    };
    await table.insert([row, {}]);
    const [[first, second]] = await table.getRows();
    assertEquals([first.i, first.f, first.b, first.s], [row.i, row.f, row.b, row.s]);
    assertEquals([...first.y], [0, 255]);
    assertEquals(String(first.n), "12.5");
    assertEquals(first.day.value, "2020-02-29");
    assertEquals(first.at.value, "2020-02-29T12:30:00.123456000Z");
    assertEquals(first.list, [{ k: 1 }, { k: 2 }]);
    assertEquals([second.i, second.s, second.list], [null, null, []]);
  }));

Deno.test("one bad row keeps all out, unless it may be skipped", () =>
  withBigQuery(async (served) => {
    const [dataset] = await served.client.createDataset("d");
    await dataset.createTable("t", {
      schema: [{ name: "x", type: "INTEGER", mode: "REQUIRED" }, {
        name: "tags",
        type: "STRING",
        mode: "REPEATED",
      }],
    });
    const rows = [
      { json: { x: 1 } },
      { json: { x: "one" } },
      { json: {} },
      { json: { x: 2, y: 3 } },
      { json: { x: 2, tags: "a" } },
    ];
    const path = "/datasets/d/tables/t/insertAll";
    const [, refused] = await served.call("POST", path, { rows });
    const shown = refused.insertErrors.map(
      ({ index, errors: [{ reason, message }] }: {
        index: number;
        errors: { reason: string; message: string }[];
      }) => [index, reason, message],
    );
    assertEquals(shown, [
      [0, "stopped", ""],
      [1, "invalid", "Could not parse 'one' as INT64 for field x"],
      [2, "invalid", "Required field x cannot be null"],
      [3, "invalid", "no such field: y."],
      [4, "invalid", "Repeated field must be imported as a JSON array."],
    ]);
    assertEquals(await rowsOf(served), []);
    const [, skipped] = await served.call("POST", path, { rows, skipInvalidRows: true });
    assertEquals(skipped.insertErrors.length, 4);
    assertEquals(await rowsOf(served), [["1", []]]);
  }));

Deno.test("pages of rows join to the whole table, whatever their length", () =>
  withBigQuery(async ({ client, call }) => {
    const [dataset] = await client.createDataset("d");
    const [table] = await dataset.createTable("t", { schema: "x:INTEGER,y:STRING" });
    await table.insert(Array.from({ length: 10 }, (_, x) => ({ x, y: `${x}` })));
    for (const maxResults of [1, 3, 10, 11]) {
      const found: string[] = [];
      for (let token: string | undefined, page = 0; page === 0 || token; page++) {
        const after = token === undefined ? "" : `&pageToken=${token}`;
        const path = `/datasets/d/tables/t/data?maxResults=${maxResults}${after}`;
        const [, { rows, pageToken }] = await call("GET", path);
        found.push(...rows.map((row: { f: { v: string }[] }) => row.f[1].v));
        token = pageToken;
      }
      assertEquals(found.join(""), "0123456789");
    }
    const [, page] = await call("GET", "/datasets/d/tables/t/data?startIndex=8&selectedFields=y");
    assertEquals(page, {
      kind: "bigquery#tableDataList",
      etag: page.etag,
      totalRows: "10",
      rows: [{ f: [{ v: "8" }] }, { f: [{ v: "9" }] }],
    });
    const [status, { error }] = await call("GET", "/datasets/d/tables/t/data?pageToken=x");
    assertEquals([status, error.message], [400, "Invalid page token: x"]);
  }));

Deno.test("a page of large rows ends early and goes on in the next", () =>
  withBigQuery(async ({ client, call, warehouse }) => {
    const [dataset] = await client.createDataset("d");
    await dataset.createTable("t", { schema: "x:STRING" });
    await warehouse.transaction(async (c) => {
      const entry = await warehouse.catalogue.table(c, {
        projectId: "p",
        datasetId: "d",
        tableId: "t",
      });
      await c.run(`INSERT INTO ${entry!.storage} SELECT repeat('x', 3000000) FROM range(7)`);
    });
    const [, first] = await call("GET", "/datasets/d/tables/t/data");
    assertEquals(first.rows.length, 3);
    let count = 3;
    for (let token = first.pageToken; token;) {
      const [, page] = await call("GET", `/datasets/d/tables/t/data?pageToken=${token}`);
      count += page.rows.length;
      token = page.pageToken;
    }
    assertEquals(count, 7);
  }));

Deno.test("a table that is missing is told apart from its dataset", () =>
  withBigQuery(async ({ client }) => {
    const missing = () => client.dataset("d").table("t").getMetadata();
    await assertRejects(missing, Error, "Not found: Dataset p:d");
    await client.createDataset("d");
    await assertRejects(missing, Error, "Not found: Table p:d.t");
  }));

Deno.test("rows sent one by one name their fields in any case", () =>
  withBigQuery(async (served) => {
    const { call } = served;
    await call("POST", "/datasets", { datasetReference: { datasetId: "d" } });
    const fields = [
      { name: "Id", type: "INTEGER" },
      { name: "r", type: "RECORD", mode: "REPEATED", fields: [{ name: "Name", type: "STRING" }] },
    ];
    await call("POST", "/datasets/d/tables", {
      tableReference: { tableId: "t" },
      schema: { fields },
    });
    const rows = [{ json: { ID: 1, R: [{ name: "x" }] } }];
    const path = "/datasets/d/tables/t/insertAll";
    const [, answer] = await call("POST", path, { rows, ignoreUnknownValues: true });
    assertEquals(answer.insertErrors, undefined);
    assertEquals(await rowsOf(served), [["1", [{ v: { f: [{ v: "x" }] } }]]]);
  }));
