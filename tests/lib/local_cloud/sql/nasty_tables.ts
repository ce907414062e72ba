/** Small tables of values that engines tend to disagree on, and forty events of the sample shop. */
import type { Engine } from "./with_engine.ts";

interface NastyTable {
  /** GoogleSQL. */
  columns: string;
  /** DuckDB's VALUES: it writes NaN, infinities and bytes as they are. */
  rows: string;
}

const TABLES: Record<string, NastyTable> = {
  numbers: {
    columns: "id INT64, i INT64, j INT64, f FLOAT64, h FLOAT64, n NUMERIC, b BOOL, g STRING",
    rows: `
      (1, 0, 1, 0.0, 1.5, 0, TRUE, 'a'),
      (2, 1, -1, -0.0, 2.5, 1.5, FALSE, 'a'),
      (3, -7, 2, 'nan', 1.0, -2.25, NULL, 'b'),
      (4, 7, -2, 'inf', 0.5, 3.000000001, TRUE, 'b'),
      (5, 9223372036854775807, 3, '-inf', -1.0, 99999999999999999999999999999.999999999, FALSE, 'b'),
      (6, -9223372036854775808, NULL, 1e308, 2.0, -99999999999999999999999999999.999999999, TRUE, 'c'),
      (7, NULL, 5, NULL, NULL, NULL, NULL, NULL),
      (8, 42, 5, 0.1, 0.2, 0.000000001, TRUE, ''),
      (9, 42, 10, 2.5, -2.5, 1234.5678, TRUE, 'a'),
      (10, 100, 7, -1.25, 'nan', 100, FALSE, NULL),
      (11, 3, 0, 1e-320, 3.0, 1.5, NULL, 'c')`,
  },
  texts: {
    columns: "id INT64, s STRING, p STRING, y BYTES",
    rows: `
      (1, '', '', ''::BLOB),
      (2, 'abc', 'b', 'abc'::BLOB),
      (3, 'ABC', 'a%', '\\x00\\xFF'::BLOB),
      (4, 'Straße', 'ß', '\\xC3\\x9F'::BLOB),
      (5, 'İstanbul', '_st%', 'I'::BLOB),
      (6, 'e\u0301te\u0301', '\u0301', NULL),
      (7, 'été', 'é%', 'Stra'::BLOB),
      (8, NULL, 'x', NULL),
      (9, '  padded\t', '%d_d%', ' '::BLOB),
      (10, '100%_sure\\', '100\\%%', '%'::BLOB),
      (11, 'a,b,,c', ',', 'a,b'::BLOB),
      (12, '日本語テキスト', '本', '\\xE6\\x97\\xA5'::BLOB),
      (13, '😀 smile', '😀%', '\\xF0\\x9F\\x98\\x80'::BLOB),
      (14, '2021-01-31', '-', '12'::BLOB),
      (15, '-12.50', '.', '-1'::BLOB),
      (16, 'Google Tee White, "M"', 'Tee', 'Tee'::BLOB),
      (17, 'line' || chr(10) || 'feed', 'l%d', 'x'::BLOB)`,
  },
  times: {
    columns: "id INT64, d DATE, dt DATETIME, t TIME, ts TIMESTAMP",
    rows: `
      (1, DATE '1970-01-01', TIMESTAMP '1970-01-01 00:00:00', TIME '00:00:00', TIMESTAMPTZ '1970-01-01 00:00:00+00'),
      (2, DATE '2020-02-29', TIMESTAMP '2020-02-29 23:59:59.999999', TIME '23:59:59.999999', TIMESTAMPTZ '2020-02-29 23:59:59.999999+00'),
      (3, DATE '0001-01-01', TIMESTAMP '0001-01-01 00:00:00', TIME '12:34:56.789', TIMESTAMPTZ '0001-01-01 00:00:00+00'),
      (4, DATE '9999-12-31', TIMESTAMP '9999-12-31 23:59:59.999999', TIME '00:00:00.000001', TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'),
      (5, DATE '2021-03-28', TIMESTAMP '2021-03-28 02:30:00', TIME '02:30:00', TIMESTAMPTZ '2021-03-28 01:30:00+00'),
      (6, DATE '2020-12-31', TIMESTAMP '2020-12-31 12:00:00.5', TIME '12:00:00', TIMESTAMPTZ '2020-12-31 23:30:00+00'),
      (7, DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59.5', TIME '23:59:59', TIMESTAMPTZ '1969-12-31 23:59:59.5+00'),
      (8, DATE '2021-01-03', TIMESTAMP '2021-01-03 06:07:08', TIME '06:07:08', TIMESTAMPTZ '2021-01-03 06:07:08.123456+00'),
      (9, NULL, NULL, NULL, NULL),
      (10, DATE '2020-02-29', TIMESTAMP '2020-02-29 00:00:00', TIME '09:05:00', TIMESTAMPTZ '2020-02-29 00:00:00+00')`,
  },
  nested: {
    columns: `id INT64, xs ARRAY<INT64>, ss ARRAY<STRING>, fs ARRAY<FLOAT64>,
      st STRUCT<a INT64, b STRING>, rs ARRAY<STRUCT<k STRING, v INT64>>,
      ns STRUCT<x STRUCT<y INT64>, zs ARRAY<INT64>>`,
    rows: `
      (1, [1, 2, 3], ['a', '', 'é'], [0.5, -0.0], {a: 1, b: 'x'}, [{k: 'p', v: 1}, {k: 'q', v: NULL}], {x: {y: 1}, zs: [1]}),
      (2, [], [], [], {a: NULL, b: NULL}, [], {x: NULL, zs: []}),
      (3, [5, 5, -5], ['b', 'b'], ['nan'::DOUBLE, 'inf', 1.5], NULL, [{k: 'p', v: 7}, {k: 'p', v: 8}], NULL),
      (4, [9223372036854775807], ['z'], [1e308, 1e308], {a: 1, b: 'x'}, [{k: NULL, v: 3}], {x: {y: NULL}, zs: [3, 4]}),
      (5, [2, 1], ['ß', 'ss'], [2.0], {a: 2, b: ''}, [{k: 'q', v: 2}, {k: 'p', v: 0}, {k: 'r', v: -1}], {x: {y: 5}, zs: []}),
      (6, [1, 2, 3], ['a', '', 'é'], [0.5, 0.0], {a: 1, b: 'X'}, [{k: 'p', v: 1}], {x: {y: 1}, zs: [1]})`,
  },
  lefts: {
    columns: "k INT64, a STRING, f FLOAT64",
    rows:
      `(1, 'one', 1.0), (2, 'two', 'nan'), (2, 'zwei', 2.0), (3, NULL, NULL), (NULL, 'null', 0.0),
      (5, 'five', -0.0), (NULL, NULL, 'nan')`,
  },
  rights: {
    columns: "k INT64, b STRING, f FLOAT64",
    rows:
      `(1, 'uno', 1.0), (2, 'dos', 'nan'), (2, 'due', 2.5), (4, 'quattro', NULL), (NULL, 'nullo', 0.0),
      (6, NULL, -0.0), (1, 'one', 3.0)`,
  },
  empty: { columns: "i INT64, s STRING, xs ARRAY<INT64>, f FLOAT64", rows: "" },
};

const REPOSITORY = new URL("../../../../", import.meta.url);
const PARQUET = new URL("data-samples/events_flat_data.parquet", REPOSITORY);

/** One event of each name of each of five buyers: some forty rows, several of each user. */
const EVENTS = `
  WITH buyers AS (
    SELECT user_pseudo_id, count(*) AS n FROM '${PARQUET.pathname}'
    GROUP BY 1 HAVING count(*) FILTER (WHERE event_name = 'purchase') > 0
    ORDER BY n, user_pseudo_id LIMIT 5),
  numbered AS (
    SELECT *, row_number() OVER (PARTITION BY user_pseudo_id, event_name
      ORDER BY event_timestamp) AS nth
    FROM '${PARQUET.pathname}' WHERE user_pseudo_id IN (SELECT user_pseudo_id FROM buyers))
  SELECT * EXCLUDE nth FROM numbered WHERE nth = 1 ORDER BY user_pseudo_id, event_timestamp`;

/** The directory that {@link makeNastyTables} reads from. */
export const SAMPLES = new URL(".", PARQUET).pathname;

const VIEWS = [
  "CREATE VIEW d.positive AS SELECT id, i, g FROM d.numbers WHERE i > 0",
  "CREATE VIEW d.counted AS SELECT g, COUNT(*) AS n FROM d.positive GROUP BY g",
  "CREATE FUNCTION d.twice(x INT64) AS (x * 2)",
  "CREATE FUNCTION d.param(params ANY TYPE, name STRING) AS ((SELECT value.int_value FROM UNNEST(params) WHERE key = name))",
  "CREATE FUNCTION d.highest(at_most INT64) AS ((SELECT MAX(id) FROM d.numbers WHERE id <= at_most))",
];

/** A statement of `sql/` over the events of dataset `d`. */
export async function statementOf(file: string): Promise<string> {
  const text = await Deno.readTextFile(new URL(`sql/${file}.sql`, REPOSITORY));
  return text.replaceAll("ecommerce_public.events_flat_data", "d.events")
    .replaceAll("ecommerce_public.", "d.");
}

/** Makes the tables `numbers`, `texts`, `times`, `nested` … and `events` in dataset `d`. */
export async function makeNastyTables({ warehouse, run }: Engine): Promise<void> {
  const schema = JSON.parse(await Deno.readTextFile(new URL("schema.json", PARQUET)));
  await run(`CREATE TABLE d.events (${schema.map(columnOf).join(", ")})`);
  for (const [name, { columns }] of Object.entries(TABLES)) {
    await run(`CREATE TABLE d.${name} (${columns})`);
  }
  await warehouse.transaction(async (connection) => {
    for (const name of [...Object.keys(TABLES), "events"]) {
      const rows = name === "events" ? EVENTS : TABLES[name].rows && `VALUES ${TABLES[name].rows}`;
      const ref = { projectId: "p", datasetId: "d", tableId: name };
      const entry = await warehouse.catalogue.table(connection, ref);
      if (rows !== "") await connection.run(`INSERT INTO ${entry!.storage} ${rows}`);
    }
  });
  for (const statement of VIEWS) await run(statement);
  await run(await statementOf("published/getratingbasedonProduct"));
}

interface RestField {
  name: string;
  type: string;
  mode: string;
  fields?: RestField[];
}

const NAMES: Record<string, string> = { INTEGER: "INT64", FLOAT: "FLOAT64", BOOLEAN: "BOOL" };

function columnOf({ name, type, mode, fields }: RestField): string {
  const one = fields ? `STRUCT<${fields.map(columnOf).join(", ")}>` : NAMES[type] ?? type;
  return `${name} ${mode === "REPEATED" ? `ARRAY<${one}>` : one}`;
}
