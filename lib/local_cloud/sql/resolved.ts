/**
 * The nodes of the tree that Google's analyzer answers with, flattened: a node is one object with a
 * `kind` (`ProjectScan`, `FunctionCall`, …), its fields, and its place in the statement's text.
 *
 * @see https://github.com/google/zetasql/blob/master/docs/resolved_ast.md
 */
import type { SqlType } from "../warehouse/types.ts";

/** Bytes `start` to `end` of the statement's text. */
export interface Place {
  start: number;
  end: number;
}

/** A column as the analyzer numbers it: `id` is unique in the statement. */
export interface ResolvedColumn {
  id: number;
  name: string;
  type: SqlType;
}

interface Node<Kind extends string> {
  kind: Kind;
  place?: Place;
}
interface ExprNode<Kind extends string> extends Node<Kind> {
  type: SqlType;
}
interface ScanNode<Kind extends string> extends Node<Kind> {
  columnList: ResolvedColumn[];
  isOrdered?: boolean;
}

/** A value on the wire: exactly one field is set; none for NULL. int64 and the like are strings. */
export interface WireValue {
  /** The name of the field that is set, in what the analyzer sends. */
  value?: string;
  int64Value?: string;
  boolValue?: boolean;
  doubleValue?: number;
  stringValue?: string;
  bytesValue?: Uint8Array;
  dateValue?: number;
  enumValue?: number;
  arrayValue?: { element: WireValue[] };
  structValue?: { field: WireValue[] };
  timestampValue?: { seconds?: string; nanos?: number };
  datetimeValue?: { bitFieldDatetimeSeconds: string; nanos: number };
  timeValue?: string;
  numericValue?: Uint8Array;
  bignumericValue?: Uint8Array;
  jsonValue?: string;
  intervalValue?: Uint8Array;
  geographyValue?: Uint8Array;
}

export interface Literal extends ExprNode<"Literal"> {
  value: WireValue;
  /** For an ENUM literal (a date part, a rounding mode) the enum's full name. */
  enumName?: string;
}
export interface Parameter extends ExprNode<"Parameter"> {
  name?: string;
  /** 1-based; 0 for a named one. */
  position?: number;
}
export interface ColumnRef extends ExprNode<"ColumnRef"> {
  column: ResolvedColumn;
  isCorrelated: boolean;
}
interface CallNode<Kind extends string> extends ExprNode<Kind> {
  /** The function's name without its group: `$add`, `concat`, `safe_divide`. */
  name: string;
  /** `ZetaSQL` for Google's own functions. */
  group: string;
  argumentList: Expr[];
  errorMode?: "DEFAULT_ERROR_MODE" | "SAFE_ERROR_MODE";
}
export type FunctionCall = CallNode<"FunctionCall">;
interface NonScalarCall<Kind extends string> extends CallNode<Kind> {
  distinct?: boolean;
  nullHandlingModifier?: "DEFAULT_NULL_HANDLING" | "IGNORE_NULLS" | "RESPECT_NULLS";
  withGroupRowsSubquery?: Scan;
}
export interface AggregateFunctionCall extends NonScalarCall<"AggregateFunctionCall"> {
  havingModifier?: { kindOf: "MAX" | "MIN"; havingExpr: Expr };
  orderByItemList: OrderByItem[];
  limit?: Expr;
}
export interface WindowFrameExpr {
  boundaryType:
    | "UNBOUNDED_PRECEDING"
    | "OFFSET_PRECEDING"
    | "CURRENT_ROW"
    | "OFFSET_FOLLOWING"
    | "UNBOUNDED_FOLLOWING";
  expression?: Expr;
}
export interface AnalyticFunctionCall extends NonScalarCall<"AnalyticFunctionCall"> {
  windowFrame?: {
    frameUnit: "ROWS" | "RANGE";
    startExpr: WindowFrameExpr;
    endExpr: WindowFrameExpr;
  };
}
export interface Cast extends ExprNode<"Cast"> {
  expr: Expr;
  returnNullOnError?: boolean;
  format?: Expr;
  timeZone?: Expr;
  typeModifiers?: Record<string, unknown>;
}
export interface MakeStruct extends ExprNode<"MakeStruct"> {
  fieldList: Expr[];
}
export interface GetStructField extends ExprNode<"GetStructField"> {
  expr: Expr;
  fieldIdx: number;
}
export interface GetJsonField extends ExprNode<"GetJsonField"> {
  expr: Expr;
  fieldName: string;
}
export interface SubqueryExpr extends ExprNode<"SubqueryExpr"> {
  subqueryType: "SCALAR" | "ARRAY" | "EXISTS" | "IN" | "LIKE_ANY" | "LIKE_ALL";
  parameterList: ColumnRef[];
  inExpr?: Expr;
  subquery: Scan;
}
export interface WithExpr extends ExprNode<"WithExpr"> {
  assignmentList: ComputedColumn[];
  expr: Expr;
}

export type Expr =
  | AggregateFunctionCall
  | AnalyticFunctionCall
  | Cast
  | ColumnRef
  | FunctionCall
  | GetJsonField
  | GetStructField
  | Literal
  | MakeStruct
  | Parameter
  | SubqueryExpr
  | WithExpr;

export interface ComputedColumn {
  column: ResolvedColumn;
  expr: Expr;
}
export interface OrderByItem {
  columnRef: ColumnRef;
  isDescending?: boolean;
  nullOrder?: "ORDER_UNSPECIFIED" | "NULLS_FIRST" | "NULLS_LAST";
}

export type SingleRowScan = ScanNode<"SingleRowScan">;
export interface TableScan extends ScanNode<"TableScan"> {
  /** The table's name in the catalog sent along. */
  table: { name: string; serializationId: string };
  columnIndexList: number[];
  forSystemTimeExpr?: Expr;
}
export interface JoinScan extends ScanNode<"JoinScan"> {
  joinType: "INNER" | "LEFT" | "RIGHT" | "FULL";
  leftScan: Scan;
  rightScan: Scan;
  joinExpr?: Expr;
}
export interface ArrayScan extends ScanNode<"ArrayScan"> {
  inputScan?: Scan;
  arrayExpr: Expr;
  elementColumn: ResolvedColumn;
  arrayOffsetColumn?: { column: ResolvedColumn };
  joinExpr?: Expr;
  isOuter?: boolean;
}
export interface FilterScan extends ScanNode<"FilterScan"> {
  inputScan: Scan;
  filterExpr: Expr;
}
export interface GroupingSet {
  kind: "GroupingSet" | "Rollup" | "Cube";
  groupByColumnList?: ColumnRef[];
  rollupColumnList?: { columnList: ColumnRef[] }[];
  cubeColumnList?: { columnList: ColumnRef[] }[];
}
export interface AggregateScan extends ScanNode<"AggregateScan"> {
  inputScan: Scan;
  groupByList: ComputedColumn[];
  aggregateList: ComputedColumn[];
  groupingSetList: GroupingSet[];
  rollupColumnList: ColumnRef[];
  groupingCallList: { groupByColumn: ColumnRef; outputColumn: ResolvedColumn }[];
}
export interface SetOperationItem {
  scan: Scan;
  outputColumnList: ResolvedColumn[];
}
export interface SetOperationScan extends ScanNode<"SetOperationScan"> {
  opType:
    | "UNION_ALL"
    | "UNION_DISTINCT"
    | "INTERSECT_ALL"
    | "INTERSECT_DISTINCT"
    | "EXCEPT_ALL"
    | "EXCEPT_DISTINCT";
  inputItemList: SetOperationItem[];
}
export interface OrderByScan extends ScanNode<"OrderByScan"> {
  inputScan: Scan;
  orderByItemList: OrderByItem[];
}
export interface LimitOffsetScan extends ScanNode<"LimitOffsetScan"> {
  inputScan: Scan;
  limit?: Expr;
  offset?: Expr;
}
export interface WithEntry {
  withQueryName: string;
  withSubquery: Scan;
}
export interface WithScan extends ScanNode<"WithScan"> {
  withEntryList: WithEntry[];
  query: Scan;
  recursive?: boolean;
}
export interface WithRefScan extends ScanNode<"WithRefScan"> {
  withQueryName: string;
}
export interface RecursiveRefScan extends ScanNode<"RecursiveRefScan"> {
  kind: "RecursiveRefScan";
}
export interface RecursiveScan extends ScanNode<"RecursiveScan"> {
  opType: "UNION_ALL" | "UNION_DISTINCT";
  nonRecursiveTerm: SetOperationItem;
  recursiveTerm: SetOperationItem;
}
export interface AnalyticFunctionGroup {
  partitionBy?: { partitionByList: ColumnRef[] };
  orderBy?: { orderByItemList: OrderByItem[] };
  analyticFunctionList: ComputedColumn[];
}
export interface AnalyticScan extends ScanNode<"AnalyticScan"> {
  inputScan: Scan;
  functionGroupList: AnalyticFunctionGroup[];
}
export interface SampleScan extends ScanNode<"SampleScan"> {
  inputScan: Scan;
  method: string;
}
export interface ProjectScan extends ScanNode<"ProjectScan"> {
  exprList: ComputedColumn[];
  inputScan: Scan;
}
export interface TvfArgument {
  expr?: Expr;
  scan?: Scan;
  model?: { model: { name: string } };
  argumentColumnList: ResolvedColumn[];
}
export interface TvfScan extends ScanNode<"TVFScan"> {
  tvf: { name: string };
  argumentList: TvfArgument[];
  columnIndexList: number[];
  /** What was given: an argument's relation with the names of its columns. */
  signature: {
    argument: { relationArgument?: { column: { name: string; type: SqlType }[] } }[];
  };
}
export type Scan =
  | AggregateScan
  | AnalyticScan
  | ArrayScan
  | FilterScan
  | JoinScan
  | LimitOffsetScan
  | OrderByScan
  | ProjectScan
  | RecursiveRefScan
  | RecursiveScan
  | SampleScan
  | SetOperationScan
  | SingleRowScan
  | TableScan
  | TvfScan
  | WithRefScan
  | WithScan;

export interface OutputColumn {
  name: string;
  column: ResolvedColumn;
}
export interface Option {
  name: string;
  value: Expr;
}
/** A statement; which fields it has depends on its kind, so each statement's file narrows it. */
export interface Statement extends Node<string> {
  [field: string]: unknown;
}
export interface QueryStmt extends Node<"QueryStmt"> {
  outputColumnList: OutputColumn[];
  query: Scan;
}
