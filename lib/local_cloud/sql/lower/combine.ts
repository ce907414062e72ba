/** WITH, recursive WITH and set operations: columns are matched by position. */
import { quote } from "../../warehouse/types.ts";
import type {
  RecursiveRefScan,
  RecursiveScan,
  ResolvedColumn,
  Scan,
  SetOperationItem,
  SetOperationScan,
  WithEntry,
  WithRefScan,
  WithScan,
} from "../resolved.ts";
import { columnName, type Lowering, type ScanLowering, Unsupported } from "./lowering.ts";

/** `SELECT c7 AS k0, c9 AS k1 …`: a column may stand in two places. */
export function byPosition(columns: ResolvedColumn[], from: string): string {
  const list = columns.map((column, i) => `${columnName(column)} AS k${i}`);
  return `SELECT ${list.join(", ") || "1 AS k0"} FROM ${from}`;
}

/** `SELECT k0 AS c12, k1 AS c13 …` */
function fromPosition(columns: ResolvedColumn[], from: string): string {
  const list = columns.map((column, i) => `k${i} AS ${columnName(column)}`);
  return `SELECT ${list.join(", ") || "1 AS c0"} FROM ${from}`;
}

const queryName = (name: string) => quote(`with ${name}`);

export const withScan: ScanLowering<WithScan> = (scan, lower, ordered) => {
  const entries = scan.withEntryList.map((entry) => withEntry(entry, lower));
  const word = scan.recursive ? "WITH RECURSIVE" : "WITH";
  return `${word} ${entries.join(", ")} ${lower.scan(scan.query, ordered)}`;
};

function withEntry({ withQueryName, withSubquery }: WithEntry, lower: Lowering): string {
  const name = queryName(withQueryName);
  if (withSubquery.kind !== "RecursiveScan") {
    return `${name} AS (${byPosition(withSubquery.columnList, lower.from(withSubquery))})`;
  }
  lower.recursions.push(name);
  const query = recursiveQuery(withSubquery, lower);
  lower.recursions.pop();
  return `${name} AS (${query})`;
}

function recursiveQuery(scan: RecursiveScan, lower: Lowering): string {
  const operator = scan.opType === "UNION_ALL" ? "UNION ALL" : "UNION";
  return `${item(scan.nonRecursiveTerm, lower)} ${operator} ${item(scan.recursiveTerm, lower)}`;
}

const item = ({ scan, outputColumnList }: SetOperationItem, lower: Lowering) =>
  byPosition(outputColumnList, lower.from(scan));

export const withRef: ScanLowering<WithRefScan> = (scan) =>
  fromPosition(scan.columnList, queryName(scan.withQueryName));

export const recursiveRef: ScanLowering<RecursiveRefScan> = (scan, lower) => {
  const name = lower.recursions.at(-1);
  if (name === undefined) throw new Unsupported("A recursive reference here", scan.place);
  return fromPosition(scan.columnList, name);
};

export const recursive: ScanLowering<RecursiveScan> = (scan) => {
  throw new Unsupported("A recursive query outside WITH", scan.place);
};

/** BigQuery compares rows of a set operation as GROUP BY does: NULLs and NaNs are alike. */
export const setOperation: ScanLowering<SetOperationScan> = (scan, lower) => {
  const operator = scan.opType.replace("_DISTINCT", "").replace("_", " ");
  const items = scan.inputItemList.map((entry) => `(${item(entry, lower)})`);
  // From the left: DuckDB binds INTERSECT more tightly than UNION.
  const query = items.reduce((left, right) => `(${left} ${operator} ${right})`);
  return fromPosition(scan.columnList, query);
};

/** Whether a scan can be repeated in a lambda: it reads no relation. */
export const isSingleRow = (scan: Scan | undefined): boolean =>
  scan === undefined || scan.kind === "SingleRowScan";
