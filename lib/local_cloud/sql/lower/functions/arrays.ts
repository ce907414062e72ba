/** Arrays: making them, reaching into them, and what is computed over them whole. */
import { type ArrayType, duckdbType } from "../../../warehouse/types.ts";
import type { FunctionCall } from "../../resolved.ts";
import { failure } from "../casts/lowering.ts";
import { type FunctionLowering, once, onceBoth, raise, Unsupported } from "../lowering.ts";
import { equality } from "./comparison.ts";
import { literalText } from "./strings.ts";

/** `[a, b]` → `[a, b]::BIGINT[]`: an empty list, or one of NULLs, has no type of its own. */
const makeArray: FunctionLowering = (args, call) =>
  `CAST([${args.join(", ")}] AS ${duckdbType(call.type)})`;

const MOST_ELEMENTS = 1_048_575;

/**
 * `a[OFFSET(i)]` → the element after the bounds are checked: DuckDB gives NULL out of bounds, and
 * counts a negative position from the end.
 *
 * @param base What the first element is called: 0 for OFFSET, 1 for ORDINAL.
 */
const at = (base: number, safe: boolean): FunctionLowering => ([array, index], call) => {
  const position = call.argumentList[1];
  const known = position.kind === "Literal" ? Number(position.value.int64Value ?? NaN) : NaN;
  if (safe && known >= base && known < MOST_ELEMENTS) {
    return `list_extract(${array}, ${known - base + 1})`;
  }
  return once(array, (list) =>
    once(index, (i) => {
      const within = `${i} >= ${base} AND ${i} < len(${list}) + ${base}`;
      const element = `list_extract(${list}, ${base === 0 ? `${i} + 1` : i})`;
      if (safe) return `CASE WHEN ${within} THEN ${element} END`;
      const absent = `${list} IS NULL OR ${i} IS NULL`;
      return `CASE WHEN ${within} THEN ${element} WHEN ${absent} THEN NULL ELSE ${
        failure(call)(`'Array index ' || ${i} || ' is out of bounds'`)
      } END`;
    }));
};

/** NULL if one array is NULL, where `list_concat` passes NULLs over. */
const concat: FunctionLowering = (args) => `(${args.join(" || ")})`;

/**
 * NULL elements are left out, as `array_to_string` does, unless a third argument stands for them;
 * an array, but no delimiter and no stand-in, may hold NULLs.
 */
const toText: FunctionLowering = ([array, delimiter, missing], call) => {
  const { type } = call.argumentList[0];
  if (type.kind !== "ARRAY" || type.element.kind !== "STRING") {
    throw new Unsupported("ARRAY_TO_STRING of BYTES", call.place);
  }
  // DuckDB takes no other.
  if (literalText(call, 1) === undefined) {
    throw new Unsupported("ARRAY_TO_STRING with a delimiter that is not a literal", call.place);
  }
  if (missing === undefined) return joined(array, delimiter);
  return once(
    missing,
    (text) =>
      `CASE WHEN ${text} IS NOT NULL THEN ${
        joined(`list_transform(${array}, lambda e: coalesce(e, ${text}))`, delimiter)
      } END`,
  );
};

/** Nothing but NULLs is the empty text; for DuckDB it is NULL. */
const joined = (array: string, delimiter: string) =>
  once(
    array,
    (list) =>
      `CASE WHEN ${list} IS NOT NULL AND ${delimiter} IS NOT NULL THEN coalesce(array_to_string(${list}, ${delimiter}), '') END`,
  );

/** BigQuery's bound on what GENERATE_ARRAY and its kin yield. */
const TOO_LONG = raise(`Cannot generate arrays with more than ${MOST_ELEMENTS} elements`);

/**
 * GENERATE_ARRAY over INT64 → `generate_series`, which ends at the bound, goes down for a negative
 * step, and yields nothing if the step leads away; it takes a step of 0 for no error.
 */
const generateArray: FunctionLowering = ([from, to, step = "1::BIGINT"], call) => {
  if (call.argumentList[0].type.kind !== "INT64") {
    throw new Unsupported(`GENERATE_ARRAY of ${call.argumentList[0].type.kind}`, call.place);
  }
  return once(from, (a) => once(to, (b) => once(step, (by) => wholeNumbers(a, b, by))));
};

/** All whole numbers of a range by steps. DuckDB's INT128 holds the difference of any two INT64. */
export function wholeNumbers(from: string, to: string, step: string): string {
  const steps = `((${to}::HUGEINT - ${from}) // ${step})`;
  const nulls = `${from} IS NULL OR ${to} IS NULL OR ${step} IS NULL`;
  const zero = raise("Sequence step cannot be 0.");
  return `CASE WHEN ${nulls} THEN NULL WHEN ${step} = 0 THEN ${zero} WHEN ${steps} >= ${MOST_ELEMENTS} THEN ${TOO_LONG} ELSE generate_series(${from}, ${to}, ${step}) END`;
}

/** Types whose values DuckDB finds in a list as GoogleSQL does. */
const FINDABLE = new Set(["BOOL", "BYTES", "DATE", "DATETIME", "INT64", "STRING", "TIME"]);

/** The same by GoogleSQL's `=`, one element at a time: NaN equals nothing, a STRUCT's NULL is unknown. */
function inByEquality(x: string, array: string, call: FunctionCall): string {
  const [value, list] = call.argumentList.map(({ type }) => type);
  const element = (list as ArrayType).element;
  return onceBoth(x, array, (x, array) => {
    const name = `e${x.length + array.length}`;
    const test = equality(name, x, element, value);
    const tests = `coalesce(list_transform(${array}, lambda ${name}: ${test}), [])`;
    return once(
      tests,
      (found) =>
        `CASE WHEN list_contains(${found}, TRUE) THEN TRUE WHEN len(list_filter(${found}, lambda t: t IS NULL)) > 0 THEN NULL ELSE FALSE END`,
    );
  });
}

/**
 * `x IN UNNEST(a)`: NULL if x is NULL and there is something to compare it with, or if only a NULL
 * element might equal it; `list_contains` never is NULL for those.
 */
const inArray: FunctionLowering = ([x, array], call) => {
  const kind = call.argumentList[0].type.kind;
  if (!FINDABLE.has(kind) && kind !== "NUMERIC" && kind !== "TIMESTAMP") {
    return inByEquality(x, array, call);
  }
  return once(
    x,
    (value) =>
      once(
        array,
        (list) =>
          `CASE WHEN coalesce(len(${list}), 0) = 0 THEN FALSE WHEN ${value} IS NULL THEN NULL WHEN list_contains(${list}, ${value}) THEN TRUE WHEN ${
            holdsNull(list)
          } THEN NULL ELSE FALSE END`,
      ),
  );
};

const holdsNull = (list: string) => `len(list_filter(${list}, lambda e: e IS NULL)) > 0`;

export const ARRAYS: [string, FunctionLowering][] = [
  ["$array_at_offset", at(0, false)],
  ["$array_at_ordinal", at(1, false)],
  ["$in_array", inArray],
  ["$make_array", makeArray],
  ["$safe_array_at_offset", at(0, true)],
  ["$safe_array_at_ordinal", at(1, true)],
  ["array_concat", concat],
  ["array_length", ([array]) => `len(${array})`],
  ["array_reverse", ([array]) => `list_reverse(${array})`],
  ["array_to_string", toText],
  ["generate_array", generateArray],
];
