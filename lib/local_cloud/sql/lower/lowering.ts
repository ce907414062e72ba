/**
 * The compiler's core: walks the resolved tree and looks up, by a node's kind or a function's name,
 * the small lowering that writes its DuckDB SQL. What no table lists is refused by name.
 *
 * A scan becomes a SELECT whose columns are named `c<id>` after the analyzer's column numbers, which
 * are unique in a statement: a column reference, correlated or not, is that name wherever it stands.
 */
import type { TableEntry } from "../../warehouse/catalogue.ts";
import type { SqlType } from "../../warehouse/types.ts";
import type {
  AggregateFunctionCall,
  AnalyticFunctionCall,
  Expr,
  FunctionCall,
  Place,
  ResolvedColumn,
  Scan,
  TvfScan,
} from "../resolved.ts";

/** Thrown for a node, a function or a signature that the compiler does not know. */
export class Unsupported extends Error {
  override name = "Unsupported";
  constructor(
    /** What it is, as the user would name it: `Function SOUNDEX`. */
    readonly what: string,
    public place?: Place,
  ) {
    super(`${what} is not supported`);
  }
}

/** Writes a scalar function call; `args` are its arguments in DuckDB SQL, each safe to nest. */
export type FunctionLowering = (args: string[], call: FunctionCall, lower: Lowering) => string;
export type AggregateCall = AggregateFunctionCall | AnalyticFunctionCall;
/**
 * Writes DuckDB's aggregate `name` as the call at hand applies it: to a group, with DISTINCT, ORDER BY
 * and the NULLs left out, or to a window.
 *
 * @param condition Only the rows for which it is true count.
 */
export type Apply = (name: string, args: string[], condition?: string) => string;
/** Writes an aggregate call, over a group or a window. */
export type AggregateLowering = (call: AggregateCall, lower: Lowering, apply: Apply) => string;
/** Writes a window function; `over` puts the window behind a call. */
export type AnalyticLowering = (
  call: AnalyticFunctionCall,
  lower: Lowering,
  over: (sql: string) => string,
) => string;

type Lower<N> = (node: N, lower: Lowering) => string;
/** Writes a scan as a SELECT; rows keep their order only if `ordered`. */
export type ScanLowering<N> = (node: N, lower: Lowering, ordered: boolean) => string;

/** The compiler's tables; complete, since every kind of node must have its line. */
export interface Tables {
  scans: { [K in Scan["kind"]]: ScanLowering<Extract<Scan, { kind: K }>> };
  expressions: { [K in Expr["kind"]]: Lower<Extract<Expr, { kind: K }>> };
  functions: Map<string, FunctionLowering>;
  aggregates: Map<string, AggregateLowering>;
  analytics: Map<string, AnalyticLowering>;
}

/** What a statement's names stand for, as the compiler needs it. */
export interface Sources {
  /** By the `serializationId` given to the analyzer. */
  tables: TableEntry[];
  /** A view's query, compiled: columns `k0`, `k1`, … in the order of its schema. */
  views: Map<TableEntry, string>;
  /** A call of an ML function as a SELECT that yields exactly the scan's columns. */
  tableFunction(scan: TvfScan, lower: Lowering): string;
}

export class Lowering {
  /** Columns that stand for an expression instead of being a column of a relation. */
  #bindings = new Map<number, string>();
  #lastColumn = 1_000_000_000;
  /** Names of the recursive queries that enclose the node at hand, innermost last. */
  readonly recursions: string[] = [];

  constructor(private tables: Tables, readonly sources: Sources) {}

  /** A SELECT that yields exactly the scan's columns. */
  scan<S extends Scan>(scan: S, ordered = false): string {
    const write = this.tables.scans[scan.kind] as ScanLowering<S> | undefined;
    if (write === undefined) throw new Unsupported(scan.kind, scan.place);
    return placed(scan, () => write(scan, this, ordered));
  }

  /** The scan as it stands in a FROM clause. */
  from(scan: Scan, ordered = false): string {
    return `(${this.scan(scan, ordered)})`;
  }

  expr<E extends Expr>(expr: E): string {
    const write = this.tables.expressions[expr.kind] as Lower<E> | undefined;
    if (write === undefined) throw new Unsupported(expr.kind, expr.place);
    return placed(expr, () => write(expr, this));
  }

  /** A column of our own making, with a number that the analyzer does not give. */
  newColumn(type: SqlType): ResolvedColumn {
    return { id: ++this.#lastColumn, name: "", type };
  }

  /** A column, by its number, as an expression. */
  column(id: number): string {
    return this.#bindings.get(id) ?? `c${id}`;
  }

  /** What `write` makes while column `id` stands for `sql`. */
  bound<T>(id: number, sql: string, write: () => T): T {
    const before = this.#bindings.get(id);
    this.#bindings.set(id, sql);
    try {
      return write();
    } finally {
      if (before === undefined) this.#bindings.delete(id);
      else this.#bindings.set(id, before);
    }
  }

  exprs(list: Expr[]): string[] {
    return list.map((expr) => this.expr(expr));
  }

  function(call: FunctionCall): FunctionLowering {
    return lookUp(this.tables.functions, call);
  }

  aggregate(call: AggregateFunctionCall): AggregateLowering {
    return lookUp(this.tables.aggregates, call);
  }

  analytic(call: AnalyticFunctionCall): AnalyticLowering {
    return lookUp(this.tables.analytics, call);
  }
}

/** What is refused without a place of its own is where the nearest node around it is. */
function placed(node: { place?: Place }, write: () => string): string {
  try {
    return write();
  } catch (error) {
    if (error instanceof Unsupported) error.place ??= node.place;
    throw error;
  }
}

function lookUp<T>(
  table: Map<string, T>,
  call: FunctionCall | AggregateFunctionCall | AnalyticFunctionCall,
): T {
  const found = call.group === "ZetaSQL" ? table.get(call.name) : undefined;
  if (found === undefined) {
    throw new Unsupported(`Function ${call.name.replace(/^\$/, "").toUpperCase()}`, call.place);
  }
  return found;
}

/** `c12`: what a column is called in DuckDB SQL. */
export const columnName = ({ id }: ResolvedColumn): string => `c${id}`;

/** The select list of columns that are there already; a relation has at least one column. */
export function selectList(columns: ResolvedColumn[]): string {
  const names = [...new Set(columns.map(columnName))];
  return names.length === 0 ? "1 AS c0" : names.join(", ");
}

const SHORT = 160;

/** Whether an expression may be written twice: it is short and gives the same value each time. */
export const repeatable = (sql: string): boolean =>
  sql.length <= SHORT && !/\b(random|uuid|SELECT)\b/i.test(sql);

/**
 * Evaluates `sql` once where `body` needs it more than once.
 *
 * A column or a short expression is simply repeated, for DuckDB finds the repetition itself; else
 * the value goes through a one-element list, whose lambda gives it a name.
 */
export function once(sql: string, body: (value: string) => string): string {
  if (repeatable(sql)) return body(sql);
  // Named after what it holds: a lambda inside `body` can only hide it by an equal value.
  const name = `v${hash(sql)}`;
  const written = body(name);
  // DuckDB takes no subquery inside a lambda.
  if (hasSubquery(written)) return `(SELECT ${written} FROM (SELECT ${sql} AS ${name}))`;
  return `list_transform([${sql}], lambda ${name}: ${written})[1]`;
}

/** The same of two values. */
export function onceBoth(
  a: string,
  b: string,
  body: (a: string, b: string) => string,
): string {
  if (repeatable(a)) return once(b, (y) => body(a, y));
  if (repeatable(b)) return once(a, (x) => body(x, b));
  // Side by side: in one another, the inner one's subquery would be in the outer one's lambda.
  return once(`struct_pack(a := ${a}, b := ${b})`, (both) => body(`${both}.a`, `${both}.b`));
}

/** Whether there is a subquery in what was written (or a text that speaks of one). */
export const hasSubquery = (sql: string): boolean => /\bSELECT\b/i.test(sql);

/** 53 bits of a text, in base 36 (Bryc's cyrb53). */
function hash(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

const REFUSED = " is not supported by the local warehouse";

/** Refuses by name what only the rows show, when the query runs. */
export const refuse = (what: string): string => raise(`${what}${REFUSED}`);

/** Whether what was written may refuse a row. */
export const mayRefuse = (sql: string): boolean => sql.includes(`${REFUSED}')`);

/** What an error of {@link refuse} names. */
export function refused(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : "";
  if (!message.endsWith(REFUSED)) return undefined;
  return message.slice(0, -REFUSED.length).replace(/^[A-Z][\w ]* Error: /, "");
}

/** Raises GoogleSQL's error when the query runs. */
export function raise(message: string): string {
  return `error('${message.replaceAll("'", "''")}')`;
}
