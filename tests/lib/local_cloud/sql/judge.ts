/**
 * Google's reference implementation as judge: a query is compiled to DuckDB and evaluated by the
 * reference implementation over the same rows, and the two must agree.
 */
import { Analyzer } from "../../../../lib/local_cloud/sql/analyzer.ts";
import {
  compileQuery,
  type Compiler,
  outputSchema,
  resolve,
  type Resolved,
} from "../../../../lib/local_cloud/sql/compile.ts";
import { viewRows } from "../../../../lib/local_cloud/sql/fallback.ts";
import { ImportedModels } from "../../../../lib/local_cloud/sql/imported_models.ts";
import { refused, Unsupported } from "../../../../lib/local_cloud/sql/lower/lowering.ts";
import {
  evaluate,
  isUnknownToReference,
  TooMany,
} from "../../../../lib/local_cloud/sql/reference.ts";
import type { QueryStmt, WireValue } from "../../../../lib/local_cloud/sql/resolved.ts";
import { isOurFault } from "../../../../lib/local_cloud/sql/runtime_errors.ts";
import { sqlLiteral } from "../../../../lib/local_cloud/sql/values.ts";
import { wireValue } from "../../../../lib/local_cloud/sql/wire_rows.ts";
import type { Warehouse } from "../../../../lib/local_cloud/warehouse/engine.ts";
import {
  duckdbType,
  type SqlType,
  typeName,
  unstorable,
} from "../../../../lib/local_cloud/warehouse/types.ts";
import { KNOWN_DIFFERENCES } from "../../../known_differences.ts";
import { makeNastyTables, SAMPLES } from "./nasty_tables.ts";
import { openEngine } from "./with_engine.ts";

/** What one side says: columns and rows, or that there are none. */
interface Verdict {
  columns: { name: string; type: SqlType }[];
  rows: WireValue[][];
}
interface Failure {
  error: string;
}

/** How the two differ on a query. */
export class Disagreement extends Error {
  override name = "Disagreement";
}

/** The tables of {@link makeNastyTables}, and all that a query needs to be judged over them. */
export class Court {
  private constructor(readonly compiler: Compiler, private end: () => Promise<void>) {}

  static async open(): Promise<Court> {
    const engine = await openEngine([SAMPLES]);
    await makeNastyTables(engine);
    const analyzer = new Analyzer();
    const connection = await engine.warehouse.connect();
    const defaultDataset = { projectId: "p", datasetId: "d" };
    const scope = { projectId: "p", location: "US", defaultDataset };
    const { warehouse } = engine;
    const imported = new ImportedModels(warehouse);
    const compiler = { analyzer, warehouse, connection, scope, imported, parameters: [] };
    return new Court(compiler, async () => {
      connection.closeSync();
      await analyzer.close();
      await engine.close();
    });
  }

  close(): Promise<void> {
    return this.end();
  }

  get warehouse(): Warehouse {
    return this.compiler.warehouse;
  }

  /**
   * Evaluates a query both ways.
   *
   * @throws {Disagreement} `unsupported: …` if the compiler refuses it, `unjudged: …` if the
   *   reference implementation does, or how the two differ in
   *   names, types, values (FLOAT64 to 12 digits) or, if the query has an ORDER BY, order; they agree
   *   too if both fail.
   */
  async judge(sql: string, twin = sql): Promise<void> {
    const resolved = await resolve(sql, this.compiler);
    const ours = await this.#byDuckdb(resolved);
    const asked = twin === sql ? resolved : await resolve(twin, this.compiler);
    const theirs = await this.#byReference(asked);
    if ("error" in ours || "error" in theirs) {
      if ("error" in ours && "error" in theirs) return;
      throw differ(sql, shown(ours), shown(theirs));
    }
    const headings = [ours, theirs].map(({ columns }) => columns.map(heading).join(", "));
    if (headings[0] !== headings[1]) throw differ(sql, headings[0], headings[1]);
    const { query } = resolved.statement as unknown as QueryStmt;
    const [left, right] = [plain(ours), plain(theirs)].map((rows) =>
      query.isOrdered ? rows : rows.sort(byText)
    );
    if (!same(left, right)) throw differ(sql, shown(ours), shown(theirs));
  }

  async #byDuckdb(resolved: Resolved): Promise<Verdict | Failure> {
    const { outputColumnList, query } = resolved.statement as unknown as QueryStmt;
    const columns = outputSchema(outputColumnList);
    try {
      const sql = compileQuery(outputColumnList, query, resolved);
      const list = columns.map(({ type }, i) => `CAST(k${i} AS ${duckdbType(type)})`).join(", ");
      const reader = await this.compiler.connection.runAndReadAll(`SELECT ${list} FROM (${sql})`);
      const rows = reader.getRows().map((row) =>
        row.map((value, i) => wireValue(value, columns[i].type))
      );
      return { columns, rows };
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof Unsupported) throw new Disagreement(`unsupported: ${message}`);
      const what = refused(error);
      if (what !== undefined) throw new Disagreement(`unsupported: ${what}`);
      if (isOurFault(error)) throw new Disagreement(`compiled wrongly: ${message}`);
      return { error: message };
    }
  }

  async #byReference(resolved: Resolved): Promise<Verdict | Failure> {
    const { outputColumnList } = resolved.statement as unknown as QueryStmt;
    const { compiler } = this;
    try {
      const answer = await evaluate(resolved, compiler, viewRows);
      const names = outputSchema(outputColumnList).map(({ name }) => name);
      const columns = answer.columns.map(({ name, type }, i) => ({
        name: /^(\$.*)?$/.test(name) ? names[i] : name,
        type,
      }));
      return { columns, rows: answer.rows };
    } catch (error) {
      const { message } = error as Error;
      const unjudged = error instanceof TooMany || isUnknownToReference(error);
      if (unjudged) throw new Disagreement(`unjudged: ${message}`);
      return { error: message };
    }
  }
}

const heading = ({ name, type }: { name: string; type: SqlType }) => `${name} ${typeName(type)}`;

function differ(sql: string, ours: string, theirs: string): Disagreement {
  return new Disagreement(`The two differ for\n${sql}\nDuckDB:\n${ours}\nreference:\n${theirs}`);
}

const SHOWN_ROWS = 60;

function shown(side: Verdict | Failure): string {
  if ("error" in side) return `failed: ${side.error.split("\n")[0]}`;
  const { columns, rows } = side;
  return rows.slice(0, SHOWN_ROWS).map((row) =>
    row.map((value, i) => {
      const { type } = columns[i];
      return unstorable(type) ? JSON.stringify(value) : sqlLiteral(value, type);
    }).join(" | ")
  ).join("\n") || "no rows";
}

type Plain = number | string | null | Plain[];

const plain = ({ columns, rows }: Verdict): Plain[] =>
  rows.map((row) => row.map((value, i) => plainValue(value, columns[i].type)));

function plainValue(value: WireValue, type: SqlType): Plain {
  if (value.arrayValue && type.kind === "ARRAY") {
    return ["array", ...value.arrayValue.element.map((item) => plainValue(item, type.element))];
  }
  if (value.structValue && type.kind === "STRUCT") {
    const { field } = value.structValue;
    return ["struct", ...field.map((item, i) => plainValue(item, type.fields[i].type))];
  }
  if (value.doubleValue !== undefined) return value.doubleValue;
  if (value.jsonValue !== undefined) return canonical(value.jsonValue);
  return unstorable(type) ? JSON.stringify(value) : sqlLiteral(value, type);
}

/** Members of an object have no order in JSON. */
const canonical = (json: string): string =>
  JSON.stringify(
    JSON.parse(json),
    (_, value) =>
      value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1))
        : value,
  );

const DIGITS = 10;

/** A text to sort by, in which almost equal numbers are equal. */
const sortKey = (value: Plain): string =>
  Array.isArray(value)
    ? `[${value.map(sortKey).join()}]`
    : typeof value === "number"
    ? value.toPrecision(DIGITS)
    : String(value);

function byText(a: Plain, b: Plain): number {
  const [left, right] = [sortKey(a), sortKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const RELATIVE = 1e-12;

function same(a: Plain, b: Plain): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  // Zero's sign is nothing that SQL compares, and DuckDB's optimizer drops it.
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  return Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b));
}

let court: Court | undefined;

/**
 * Registers one test for each query: DuckDB and the reference implementation must agree on it. Tables
 * are those of `nasty_tables.ts`, with or without `d.` before their names. A query listed in
 * `known_differences.ts` must not agree.
 *
 * @example
 * ```ts ignore
 * import { cases } from "../judge.ts";
 *
 * cases("strings", [
 *   "SELECT id, UPPER(s) FROM texts",
 *   "SELECT SUBSTR(s, -2) AS tail FROM texts ORDER BY id",
 * ]);
 * ```
 */
export function cases(area: string, queries: string[]): void {
  openOnce();
  for (const sql of queries) register(area, sql, () => judgeCase(sql, court!));
}

/**
 * The same for queries with something in them that the reference implementation lacks: it is asked
 * the second of each pair instead.
 */
export function twins(area: string, pairs: [string, string][]): void {
  openOnce();
  for (const [sql, twin] of pairs) register(area, sql, () => court!.judge(sql, twin));
}

function register(area: string, sql: string, fn: () => Promise<void>): void {
  Deno.test({
    name: `${area}: ${sql.replace(/\s+/g, " ")}`,
    // The analyzer and its connection outlive the test that first asks them.
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });
}

/** Judges a query, or if it is listed as a known difference makes sure that it still is one. */
export async function judgeCase(sql: string, court: Court): Promise<void> {
  const reason = KNOWN_DIFFERENCES[sql];
  if (reason === undefined) return await court.judge(sql);
  const agrees = await court.judge(sql).then(() => true, (error) => {
    if (error instanceof Disagreement) return false;
    throw error;
  });
  if (agrees) throw new Disagreement(`No difference any more, but listed: ${reason}\n${sql}`);
}

let opens = false;

function openOnce(): void {
  if (opens) return;
  opens = true;
  Deno.test.beforeAll(async () => {
    court = await Court.open();
  });
  Deno.test.afterAll(async () => {
    await court?.close();
  });
}
