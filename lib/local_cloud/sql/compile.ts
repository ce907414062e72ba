/** From a statement's text to a resolved tree and, for its queries, DuckDB SQL. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { CloudError, invalidQuery } from "../errors.ts";
import type { TableEntry } from "../warehouse/catalogue.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import type { Field } from "../warehouse/types.ts";
import type { Analyzer, Message } from "./analyzer.ts";
import {
  catalogMessage,
  type MlCall,
  type MlSchema,
  NameReader,
  type Names,
  type Scope,
} from "./catalog.ts";
import { byPosition } from "./lower/combine.ts";
import { Lowering, Unsupported } from "./lower/lowering.ts";
import { lowerMlCall, mlSchemas, prepareMlCalls } from "./lower/ml_functions.ts";
import { TABLES } from "./lower/tables.ts";
import type { QueryParameter } from "./mod.ts";
import type { ImportedModels } from "./imported_models.ts";
import { flatten } from "./flatten.ts";
import type { OutputColumn, Place, QueryStmt, Scan, Statement, TvfScan } from "./resolved.ts";
import { type Edit, lineAndColumn, rewrite, type Rewritten } from "./rewrite.ts";
import { tokenize } from "./tokens.ts";
import { googleString, parameterExpression } from "./values.ts";

/** What compiling needs: the analyzer, and the warehouse as one connection sees it. */
export interface Compiler {
  analyzer: Analyzer;
  warehouse: Warehouse;
  connection: DuckDBConnection;
  scope: Scope;
  imported: ImportedModels;
  parameters: QueryParameter[];
  /** How many views deep what is compiled stands. Default 0. */
  viewDepth?: number;
}

/** A view's query as its tables are now: they may have been replaced since the view was made. */
export interface ResolvedView {
  resolved: Resolved;
  within: Compiler;
  output: OutputColumn[];
  query: Scan;
}

/** How deep views may stand on views, as in BigQuery. */
const MOST_VIEWS = 16;

/** A statement that was read and resolved. */
export interface Resolved {
  statement: Statement;
  names: Names;
  /** The queries of those of `names.tables` that are views. */
  views: Map<TableEntry, ResolvedView>;
  text: Rewritten;
  /** The statement as it was written. */
  source: string;
  /** The catalog it was resolved against, for the reference implementation. */
  catalog: Message;
}

/** Parameters become the values they stand for, and a quoted path is taken apart. */
function plainEdits(sql: string, parameters: QueryParameter[]): Edit[] {
  const edits: Edit[] = [];
  let position = 0;
  for (const token of tokenize(sql)) {
    const { start, end, text } = token;
    if (token.kind === "quoted" && text.includes(".")) {
      edits.push({ start, end, text: text.split(".").map((part) => `\`${part}\``).join(".") });
    } else if (token.kind === "parameter" && !text.startsWith("@@")) {
      const name = text.slice(1).toLowerCase();
      const parameter = text === "?"
        ? parameters[position++]
        : parameters.find((candidate) => candidate.name?.toLowerCase() === name);
      if (parameter === undefined) {
        const what = text === "?"
          ? "Positional query parameter"
          : `Query parameter '${text.slice(1)}'`;
        throw invalidQuery(`${what} not found at [${lineAndColumn(sql, start)}]`);
      }
      edits.push({ start, end, text: parameterExpression(parameter.value, parameter.type) });
    }
  }
  return edits;
}

/** `ML.PREDICT(MODEL d.m, …)` → ``ML.`PREDICT 0`("d.m", …)``: each call has columns of its own. */
function mlEdits(calls: MlCall[]): Edit[] {
  return calls.flatMap(({ alias, nameRange, modelRange, model }) => [
    { start: nameRange[0], end: nameRange[1], text: `\`${alias}\`` },
    { start: modelRange[0], end: modelRange[1], text: googleString(model.ref.modelId) },
  ]);
}

/**
 * Reads and resolves one statement.
 *
 * @throws {CloudError} `invalidQuery`, `notFound`, in BigQuery's words and places.
 */
export async function resolve(source: string, compiler: Compiler): Promise<Resolved> {
  const plain = rewrite(source, plainEdits(source, compiler.parameters));
  const { analyzer, warehouse, connection, scope } = compiler;
  const reader = new NameReader(analyzer, warehouse.catalogue, connection, scope);
  const names = await reader.read(plain.sql).catch((error) => {
    throw restored(error, plain.restore);
  });
  const views = await resolveViews(names, compiler);
  for (const call of names.mlCalls) {
    call.place = lineAndColumn(source, plain.original(call.nameRange[0]));
  }
  const edited = rewrite(plain.sql, mlEdits(names.mlCalls));
  const text: Rewritten = {
    sql: edited.sql,
    restore: (message) => plain.restore(edited.restore(message)),
    original: (offset) => plain.original(edited.original(offset)),
  };
  const language = await analyzer.language();
  const schemas = names.mlCalls.map((call) => mlSchemas(call));
  await prepareMlCalls(names.mlCalls, compiler);
  const { answer, catalog } = await analyze(
    text,
    analyzer,
    schemas,
    (chosen) => catalogMessage(names, chosen, language),
  );
  const statement = flatten(answer.resolvedStatement) as Statement;
  return { statement, names, views, text, source, catalog };
}

/** Tries the schemas that an ML call may have, until the analyzer finds one that fits its input. */
async function analyze(
  text: Rewritten,
  analyzer: Analyzer,
  schemas: MlSchema[][],
  catalogOf: (chosen: MlSchema[]) => Message,
): Promise<{ answer: Message; catalog: Message }> {
  const chosen = schemas.map(() => 0);
  for (;;) {
    const catalog = catalogOf(chosen.map((which, call) => schemas[call][which]));
    try {
      const options = await analyzer.options();
      const answer = await analyzer.ask("analyze", {
        sqlStatement: text.sql,
        simpleCatalog: catalog,
        options,
      });
      return { answer, catalog };
    } catch (error) {
      const call = failedCall(error);
      if (call === undefined || chosen[call] + 1 >= schemas[call].length) {
        throw restored(error, text.restore);
      }
      chosen[call]++;
    }
  }
}

/** The number of the ML call whose body did not fit its input. */
function failedCall(error: unknown): number | undefined {
  const message = error instanceof CloudError ? error.message : "";
  const found = /Invalid table-valued function ml\.`\w+ (\d+)`/i.exec(message);
  return found === null ? undefined : Number(found[1]);
}

function restored(error: unknown, restore: (message: string) => string): unknown {
  if (!(error instanceof CloudError)) return error;
  return new CloudError(error.reason, plainNames(restore(error.message)), error.location);
}

/** ``ML.`PREDICT 0` `` → `ML.PREDICT`: the user never wrote our numbers. */
const plainNames = (message: string) =>
  message.replace(/(ml\.)`?(\w+) \d+`?/gi, "$1$2").replace(
    /^Function not found: (HPARAM_\w+)/i,
    "Hyperparameter tuning with $1 is not supported by the local warehouse: train one model per " +
      "value and compare them with ML.EVALUATE",
  );

/** The DuckDB SQL of a scan: columns `k0`, `k1`, … are its output columns in their order. */
export function compileQuery(output: OutputColumn[], query: Scan, resolved: Resolved): string {
  return byPosition(output.map(({ column }) => column), newLowering(resolved).from(query, true));
}

/** A lowering over what the statement's names stand for. */
export function newLowering(resolved: Resolved): Lowering {
  const views = new Map<TableEntry, string>();
  for (const [entry, view] of resolved.views) {
    views.set(entry, compileQuery(view.output, view.query, view.resolved));
  }
  const calls = new Map(resolved.names.mlCalls.map((call) => [call.alias, call]));
  return new Lowering(TABLES, {
    tables: resolved.names.tables,
    views,
    tableFunction: (scan: TvfScan, lower: Lowering) => {
      const call = calls.get(scan.tvf.name.toUpperCase());
      if (call === undefined) throw new Unsupported(`Table function ${scan.tvf.name}`, scan.place);
      return lowerMlCall(call, scan, lower);
    },
  });
}

/** Resolves the views among `names` anew, each with the columns that its query has now. */
async function resolveViews(
  names: Names,
  compiler: Compiler,
): Promise<Map<TableEntry, ResolvedView>> {
  const views = new Map<TableEntry, ResolvedView>();
  for (const [number, entry] of names.tables.entries()) {
    if (entry.type !== "VIEW") continue;
    const view = await resolveView(entry, compiler);
    const now = { ...entry, columns: outputSchema(view.output) };
    names.tables[number] = now;
    views.set(now, view);
  }
  return views;
}

/** A view's query, resolved as its own project and dataset read it. */
async function resolveView(entry: TableEntry, compiler: Compiler): Promise<ResolvedView> {
  const { projectId, datasetId, tableId } = entry.ref;
  const viewDepth = (compiler.viewDepth ?? 0) + 1;
  if (viewDepth > MOST_VIEWS) {
    throw invalidQuery(
      `View ${projectId}:${datasetId}.${tableId} stands on itself, or on more than ${MOST_VIEWS} ` +
        "levels of views",
    );
  }
  const scope = { ...compiler.scope, projectId, defaultDataset: { projectId, datasetId } };
  const within = { ...compiler, scope, parameters: [], viewDepth };
  const resolved = await resolve(entry.viewQuery!, within);
  const { outputColumnList, query } = resolved.statement as unknown as QueryStmt;
  return { resolved, within, output: outputColumnList, query };
}

/** The schema a query yields; names of BigQuery's own making for columns without one. */
export function outputSchema(output: OutputColumn[]): Field[] {
  let unnamed = 0;
  return output.map(({ name, column }) => ({
    name: name.startsWith("$") || name === "" ? `f${unnamed++}_` : name,
    type: column.type,
  }));
}

/** A refusal by name, with its place in the text as it was written. */
export function refusal(error: Unsupported, resolved: Resolved): CloudError {
  return invalidQuery(
    `${error.message} by the local warehouse${whereWritten(error.place, resolved)}`,
  );
}

/**
 * ` at [line:column]` of a place in the statement as it was written, nothing for no place; the analyzer
 * counts bytes of UTF-8.
 */
export function whereWritten(place: Place | undefined, { source, text }: Resolved): string {
  if (place === undefined) return "";
  const before = new TextEncoder().encode(text.sql).subarray(0, place.start);
  return ` at [${lineAndColumn(source, text.original(new TextDecoder().decode(before).length))}]`;
}
