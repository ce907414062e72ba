/** A call of an ML function as the analyzer resolved it: its input, its options, its columns. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { type CloudError, invalidQuery } from "../../../errors.ts";
import { modelName } from "../../../warehouse/model_spec.ts";
import type { Field, SqlType } from "../../../warehouse/types.ts";
import type { MlCall, MlSchema } from "../../catalog.ts";
import type { ImportedModels } from "../../imported_models.ts";
import { plainValue, type Value } from "../../option_rules.ts";
import type { Expr, TvfScan } from "../../resolved.ts";
import { columnName, type Lowering } from "../lowering.ts";

/** Where calls are made ready. */
export interface PreparationPlace {
  imported: ImportedModels;
  connection: DuckDBConnection;
}

/** One ML function for one type of model. */
export interface MlFunction {
  /** How many arguments a call may have, the model counted. */
  argumentCount: [number, number];
  /** The schemas the call may have, the first that fits its input; see {@link MlSchema}. */
  schemas(call: MlCall): MlSchema[];
  /** Makes ready what the lowered call will use. */
  prepare?(call: MlCall, place: PreparationPlace): Promise<void>;
  /** A relation with columns `o0`, `o1`, … in the order of the schema. */
  lower(call: MlCall, scan: TvfScan, lower: Lowering): string;
}

/** The rows given to a call. */
export interface MlInput {
  /** A relation with columns `x0`, `x1`, … */
  rows: string;
  columns: Field[];
  /** `x0`, `x1`, … */
  names: string[];
}

/** A name as GoogleSQL reads it, whatever is in it. */
export const googleName = (name: string): string =>
  `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;

/** What a call is about, for a message: `ML.PREDICT of model p:d.m`. */
export const shownCall = ({ name, model }: MlCall): string =>
  `ML.${name} of model ${modelName(model.ref)}`;

/** The rows given to a call, or `undefined` if it has none. */
export function inputOf(scan: TvfScan, lower: Lowering): MlInput | undefined {
  const at = scan.argumentList.findIndex((argument) => argument.scan !== undefined);
  if (at < 0) return undefined;
  const { scan: rows, argumentColumnList } = scan.argumentList[at];
  const given = scan.signature.argument[at].relationArgument!.column;
  const names = argumentColumnList.map((_, i) => `x${i}`);
  const list = argumentColumnList.map((column, i) => `${columnName(column)} AS ${names[i]}`);
  return {
    rows: `(SELECT ${list.join(", ")} FROM ${lower.from(rows!)})`,
    columns: given.map(({ name, type }) => ({ name, type })),
    names,
  };
}

/** Rules of a call's options by name in small letters. */
export type OptionTypes = Record<string, "BOOL" | "FLOAT64" | "INT64">;

/**
 * The options given to a call as a STRUCT of constants, by name in small letters.
 *
 * @throws {CloudError} `invalidQuery`, naming an option that is unknown, of another type or no
 * constant.
 */
export function optionsOf(call: MlCall, scan: TvfScan, types: OptionTypes): Map<string, Value> {
  const struct = scan.argumentList.slice(1).find(({ expr }) => expr !== undefined)?.expr;
  const options = new Map<string, Value>();
  if (struct === undefined) return options;
  if (struct.type.kind !== "STRUCT") {
    throw invalidQuery(`The options of ${shownCall(call)} must be a STRUCT`);
  }
  struct.type.fields.forEach(({ name, type }, at) => {
    const wanted = types[name.toLowerCase()];
    if (wanted === undefined) {
      throw invalidQuery(`Option ${name} is not supported in ${shownCall(call)}`);
    }
    const value = fieldValue(struct, at);
    if (!fits(type, wanted) || value === undefined) {
      throw invalidQuery(`Option ${name} of ${shownCall(call)} must be a constant ${wanted}`);
    }
    options.set(name.toLowerCase(), value);
  });
  return options;
}

const fits = ({ kind }: SqlType, wanted: string) =>
  kind === wanted || (wanted === "FLOAT64" && (kind === "INT64" || kind === "NUMERIC"));

function fieldValue(struct: Expr, at: number): Value | undefined {
  if (struct.kind === "MakeStruct") {
    const field = struct.fieldList[at];
    return field.kind === "Literal" ? plainValue(field) : undefined;
  }
  const field = struct.kind === "Literal" ? struct.value.structValue?.field[at] : undefined;
  const type = (struct.type as Extract<SqlType, { kind: "STRUCT" }>).fields[at].type;
  return field && plainValue({ kind: "Literal", type, value: field });
}

/**
 * The position of a column in an input, by name in any case.
 *
 * @throws {CloudError} `invalidQuery` if it is not there.
 */
export function requiredColumn(call: MlCall, { columns }: MlInput, column: string): number {
  const at = columnIndex(columns, column);
  if (at >= 0) return at;
  throw invalidQuery(
    `Column ${column} is required by ${shownCall(call)} but is not found in the input`,
  );
}

export const columnIndex = (columns: Field[], name: string): number =>
  columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());

/** A column of the input that has another type than in training, or than an imported model takes. */
export function wrongType(
  call: MlCall,
  [column, given, trained]: [string, string, string],
): CloudError {
  const verb = call.model.modelType === "TENSORFLOW" ? "takes" : "was trained on";
  return invalidQuery(
    `Column ${column} in the input of ${shownCall(call)} has type ${given}, ` +
      `but the model ${verb} ${trained}`,
  );
}
