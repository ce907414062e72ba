import { assertEquals, assertThrows } from "@std/assert";
import { DuckDBInstance } from "@duckdb/node-api";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import {
  type Cell,
  decimalText,
  floatText,
  rowEncoder,
  type TimestampFormat,
  timestampFormat,
} from "../../../../lib/local_cloud/services/rows.ts";
import { literal } from "../../../../lib/local_cloud/warehouse/text_values.ts";
import {
  duckdbType,
  type Field,
  type SqlType,
} from "../../../../lib/local_cloud/warehouse/types.ts";

/** What REST says of values that DuckDB makes of SQL. */
async function encoded(
  columns: { type: SqlType; sql: string }[],
  format?: TimestampFormat,
): Promise<Cell[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const list = columns.map(({ type, sql }) => `CAST(${sql} AS ${duckdbType(type)})`);
  const result = await connection.stream(`SELECT ${list.join(", ")}`);
  const fields: Field[] = columns.map(({ type }, i) => ({ name: `c${i}`, type }));
  const [row] = rowEncoder(fields, format)((await result.fetchChunk())!);
  connection.disconnectSync();
  return row.f.map(({ v }) => v);
}

const one = async (type: SqlType, sql: string, format?: TimestampFormat) =>
  (await encoded([{ type, sql }], format))[0];

Deno.test("numbers are written as BigQuery writes them", () => {
  const texts: [number, string][] = [
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [0.1, "0.1"],
    [-2.5, "-2.5"],
    [1e7, "1.0E7"],
    [1.5e300, "1.5E300"],
    [1e-4, "1.0E-4"],
    [NaN, "NaN"],
    [Infinity, "Infinity"],
    [-Infinity, "-Infinity"],
  ];
  for (const [value, text] of texts) assertEquals(floatText(value), text);
  assertEquals(decimalText(-500000000n, 9), "-0.5");
  assertEquals(decimalText(12n * 10n ** 9n, 9), "12");
  assertEquals(decimalText(0n, 9), "0");
  assertEquals(decimalText(1n, 9), "0.000000001");
});

Deno.test("each type is written as the REST reference says", async () => {
  assertEquals(await one({ kind: "INT64" }, "9223372036854775807"), "9223372036854775807");
  assertEquals(await one({ kind: "BOOL" }, "true"), "true");
  assertEquals(await one({ kind: "BYTES" }, "'\\x00\\xFF'::BLOB"), "AP8=");
  assertEquals(await one({ kind: "DATE" }, "'0001-01-01'"), "0001-01-01");
  assertEquals(await one({ kind: "DATE" }, "'9999-12-31'"), "9999-12-31");
  assertEquals(await one({ kind: "TIME" }, "'12:30:00'"), "12:30:00");
  assertEquals(await one({ kind: "TIME" }, "'12:30:00.000001'"), "12:30:00.000001");
  assertEquals(
    await one({ kind: "DATETIME" }, "'1969-12-31 23:59:59.5'"),
    "1969-12-31T23:59:59.500000",
  );
  assertEquals(await one({ kind: "NUMERIC" }, "'-1.50'"), "-1.5");
  assertEquals(await one({ kind: "JSON" }, `'{"a": [1]}'`), '{"a": [1]}');
  const moment = "'2020-09-13 12:26:40.5+00'";
  const timestamp: SqlType = { kind: "TIMESTAMP" };
  assertEquals(await one(timestamp, moment), "1.6000000005E9");
  assertEquals(await one(timestamp, moment, "INT64"), "1600000000500000");
  assertEquals(await one(timestamp, moment, "ISO8601_STRING"), "2020-09-13T12:26:40.500000Z");
});

Deno.test("NULL is null, but for an array, which is empty", async () => {
  const inner: SqlType = { kind: "ARRAY", element: { kind: "INT64" } };
  const record: SqlType = { kind: "STRUCT", fields: [{ name: "a", type: inner }] };
  assertEquals(await one({ kind: "STRING" }, "NULL"), null);
  assertEquals(await one(inner, "NULL"), []);
  assertEquals(await one(record, "NULL"), null);
  assertEquals(await one(record, "{'a': NULL}"), { f: [{ v: [] }] });
});

Deno.test("fields of a STRUCT keep their order, also those without a name or of the same one", async () => {
  const type: SqlType = {
    kind: "STRUCT",
    fields: ["b", "", "B"].map((name) => ({ name, type: { kind: "INT64" } })),
  };
  const sql = `{'b': 1, '$2': 2, '$3': 3}`;
  assertEquals(await one(type, sql), { f: [{ v: "1" }, { v: "2" }, { v: "3" }] });
});

Deno.test("whole microseconds are also asked for as Python's client writes it", () => {
  assertEquals(timestampFormat({ useInt64Timestamp: "True" }), "INT64");
});

Deno.test("a format that does not exist is refused", () => {
  assertEquals(timestampFormat({ useInt64Timestamp: "true" }), "INT64");
  assertEquals(timestampFormat({ timestampOutputFormat: "FLOAT64" }), "FLOAT64");
  assertThrows(() => timestampFormat({ timestampOutputFormat: "X" }), CloudError);
});

/** A value in SQL, and what a client reads. */
interface Sample {
  type: SqlType;
  sql: string;
  value: unknown;
}

const INT64 = { kind: "INT64" } as const;
const scalar = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Sample => ({
    type: INT64,
    sql: `${value}`,
    value,
  })),
  fc.double().map((value): Sample => ({
    type: { kind: "FLOAT64" },
    sql: `'${Object.is(value, -0) ? "-0.0" : value}'::DOUBLE`,
    value,
  })),
  fc.boolean().map((value): Sample => ({ type: { kind: "BOOL" }, sql: `${value}`, value })),
  fc.string({ unit: "binary" }).filter((text) => !/\0/.test(text) && text.isWellFormed()).map(
    (value): Sample => ({ type: { kind: "STRING" }, sql: literal(value), value }),
  ),
  fc.uint8Array().map((bytes): Sample => ({
    type: { kind: "BYTES" },
    sql: `from_hex('${Buffer.from(bytes).toString("hex")}')`,
    value: Buffer.from(bytes).toString("hex"),
  })),
  fc.bigInt({ min: -62135596800000000n, max: 253402300799999999n }).map((value): Sample => ({
    type: { kind: "TIMESTAMP" },
    sql: `make_timestamp(${value})::TIMESTAMPTZ`,
    value,
  })),
  fc.constantFrom<SqlType>(INT64, { kind: "STRING" }, { kind: "DATE" }).map((type): Sample => ({
    type,
    sql: "NULL",
    value: null,
  })),
);

/** One sample or a STRUCT or ARRAY of some. */
const sample: fc.Arbitrary<Sample> = fc.letrec<{ any: Sample }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((fields): Sample => ({
      type: { kind: "STRUCT", fields: fields.map(({ type }, i) => ({ name: `f${i}`, type })) },
      sql: `{${fields.map(({ sql }, i) => `'f${i}': ${sql}`).join(", ")}}`,
      value: fields.map(({ value }) => value),
    })),
    fc.array(fc.bigInt({ min: -1000n, max: 1000n }), { maxLength: 4 }).map((list): Sample => ({
      type: { kind: "ARRAY", element: INT64 },
      sql: `[${list.join(", ")}]`,
      value: list,
    })),
  ),
})).any;

/** What a client makes of a cell. */
function decoded(cell: Cell, type: SqlType): unknown {
  if (type.kind === "ARRAY") {
    return (cell as { v: Cell }[]).map(({ v }) => decoded(v, type.element));
  }
  if (cell === null) return null;
  if (type.kind === "STRUCT") {
    return (cell as { f: { v: Cell }[] }).f.map(({ v }, i) => decoded(v, type.fields[i].type));
  }
  const text = cell as string;
  switch (type.kind) {
    case "INT64":
    case "TIMESTAMP":
      return BigInt(text);
    case "FLOAT64":
      return Number(text);
    case "BOOL":
      return text === "true";
    case "BYTES":
      return Buffer.from(text, "base64").toString("hex");
    default:
      return text;
  }
}

Deno.test("whatever DuckDB holds, a client reads the same", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sample, { minLength: 1, maxLength: 5 }), async (samples) => {
      const cells = await encoded(samples, "INT64");
      const read = cells.map((cell, i) => decoded(cell, samples[i].type));
      assertEquals(read, samples.map(({ value }) => value));
    }),
    { numRuns: 150 },
  );
});
