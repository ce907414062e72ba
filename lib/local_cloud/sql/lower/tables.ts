/** Every lowering, by the kind of node or the name of function it is for. */
import { AGGREGATES } from "./aggregate_functions.ts";
import { aggregateScan } from "./aggregates.ts";
import { cast } from "./casts.ts";
import { recursive, recursiveRef, setOperation, withRef, withScan } from "./combine.ts";
import {
  columnRef,
  functionCall,
  getStructField,
  literal,
  makeStruct,
  subquery,
  withExpr,
} from "./expressions.ts";
import { ARITHMETIC } from "./functions/arithmetic.ts";
import { ARRAYS } from "./functions/arrays.ts";
import { BITS } from "./functions/bits.ts";
import { COMPARISONS } from "./functions/comparison.ts";
import { CONDITIONALS } from "./functions/conditional.ts";
import { DATES } from "./functions/dates.ts";
import { MATH } from "./functions/math.ts";
import { MISC } from "./functions/misc.ts";
import { REGEXPS } from "./functions/regexps.ts";
import { STRINGS } from "./functions/strings.ts";
import { STRING_BYTES } from "./functions/strings_bytes.ts";
import { type Tables, Unsupported } from "./lowering.ts";
import { filter, join, limit, order, project, sample, singleRow, table } from "./scans.ts";
import { arrayScan } from "./unnest.ts";
import { ANALYTICS, analyticScan } from "./windows.ts";

export const TABLES: Tables = {
  scans: {
    AggregateScan: aggregateScan,
    AnalyticScan: analyticScan,
    ArrayScan: arrayScan,
    FilterScan: filter,
    JoinScan: join,
    LimitOffsetScan: limit,
    OrderByScan: order,
    ProjectScan: project,
    RecursiveRefScan: recursiveRef,
    RecursiveScan: recursive,
    SampleScan: sample,
    SetOperationScan: setOperation,
    SingleRowScan: singleRow,
    TableScan: table,
    TVFScan: (scan, lower) => lower.sources.tableFunction(scan, lower),
    WithRefScan: withRef,
    WithScan: withScan,
  },
  expressions: {
    AggregateFunctionCall: (node) => {
      throw new Unsupported("An aggregate here", node.place);
    },
    AnalyticFunctionCall: (node) => {
      throw new Unsupported("A window function here", node.place);
    },
    Cast: cast,
    ColumnRef: columnRef,
    FunctionCall: functionCall,
    GetJsonField: (node) => {
      throw new Unsupported("Access to a field of JSON", node.place);
    },
    GetStructField: getStructField,
    Literal: literal,
    MakeStruct: makeStruct,
    Parameter: (node) => {
      throw new Unsupported("A parameter here", node.place);
    },
    SubqueryExpr: subquery,
    WithExpr: withExpr,
  },
  functions: new Map([
    ...ARITHMETIC,
    ...ARRAYS,
    ...BITS,
    ...COMPARISONS,
    ...CONDITIONALS,
    ...DATES,
    ...MATH,
    ...MISC,
    ...REGEXPS,
    ...STRINGS,
    ...STRING_BYTES,
  ]),
  aggregates: new Map(AGGREGATES),
  analytics: new Map(ANALYTICS),
};
