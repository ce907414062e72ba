/**
 * ML.RECOMMEND of a matrix factorization model.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-recommend
 */
import { invalidQuery } from "../../../errors.ts";
import { type FactorizationSpec, specOf } from "../../../warehouse/model_spec.ts";
import { type Field, typeName } from "../../../warehouse/types.ts";
import type { MlCall, MlSchema } from "../../catalog.ts";
import {
  columnIndex,
  googleName,
  inputOf,
  type MlFunction,
  type MlInput,
  optionsOf,
  shownCall,
  wrongType,
} from "./call.ts";

/** What is predicted is called. */
const predictionOf = ({ feedbackType, rating }: FactorizationSpec): string =>
  `predicted_${rating.name}${feedbackType === "IMPLICIT" ? "_confidence" : ""}`;

/** The schemas of a call with input, in the order to be tried; the last one fits any input. */
function inputSchemas(spec: FactorizationSpec): MlSchema[] {
  const [user, item] = [spec.user, spec.item].map(({ name }) => googleName(name));
  const score = `CAST(NULL AS FLOAT64) AS ${googleName(predictionOf(spec))}`;
  const untyped = ({ name, type }: Field) =>
    `CAST(NULL AS ${typeName(type)}) AS ${googleName(name)}`;
  const [ofUser, ofItem] = [`input.${user} AS ${user}`, `input.${item} AS ${item}`];
  return [
    [score, ofUser, ofItem, `input.* EXCEPT (${user}, ${item})`],
    [score, ofUser, ofItem],
    [score, ofUser, untyped(spec.item)],
    [score, untyped(spec.user), ofItem],
    [score],
  ].map((columns) => ({ body: `SELECT ${columns.join(", ")} FROM input` }));
}

/**
 * The score of a user u and an item i, as written in DuckDB SQL:
 * global intercept + intercept of u + intercept of i + x_u·y_i. Of a side that was never seen the
 * intercept and the product are left out.
 */
export const SCORE = `global_intercept + coalesce(u.intercept, 0) + coalesce(i.intercept, 0)
  + coalesce(list_dot_product(u.factors, i.factors), 0)`;

/**
 * Predictions for the pairs asked for: all users and items, all items of the users given, all users
 * of the items given, or the pairs given. What a user has rated already is not left out.
 */
export const recommend: MlFunction = {
  argumentCount: [1, 3],
  schemas(call) {
    const spec = specOf(call.model) as FactorizationSpec;
    if (call.argumentCount > 1) return inputSchemas(spec);
    return [[{ name: predictionOf(spec), type: { kind: "FLOAT64" } }, spec.user, spec.item]];
  },
  lower(call, scan, lower) {
    optionsOf(call, scan, {});
    const { storage } = call.model;
    const spec = specOf(call.model) as FactorizationSpec;
    const input = inputOf(scan, lower);
    const given = input && givenColumns(call, spec, input);
    const list = [
      `${SCORE} AS o0`,
      `${given?.user ?? "u.id"} AS o1`,
      `${given?.item ?? "i.id"} AS o2`,
      ...(given?.rest ?? []).map((name, at) => `${name} AS o${at + 3}`),
    ];
    return `(SELECT ${list} FROM ${pairs(storage, given, input)}
      CROSS JOIN ${storage}_intercept)`;
  },
};

interface GivenColumns {
  user?: string;
  item?: string;
  /** Columns passed through, with both ids only. */
  rest: string[];
}

/** A relation of the pairs asked for: the model's row of the user is `u`, that of the item `i`. */
function pairs(storage: string, given: GivenColumns | undefined, input?: MlInput): string {
  const [users, items] = [`${storage}_users AS u`, `${storage}_items AS i`];
  if (given === undefined || input === undefined) return `${users} CROSS JOIN ${items}`;
  const joined = (table: string, id: string | undefined) =>
    id === undefined
      ? ` CROSS JOIN ${table}`
      : ` LEFT JOIN ${table} ON ${table.slice(-1)}.id = ${id}`;
  return `${input.rows}${joined(users, given.user)}${joined(items, given.item)}`;
}

function givenColumns(call: MlCall, spec: FactorizationSpec, input: MlInput): GivenColumns {
  const user = idColumn(call, spec.user, input);
  const item = idColumn(call, spec.item, input);
  const rest = input.names.filter((name) => name !== user && name !== item);
  if (user === undefined && item === undefined) {
    throw invalidQuery(
      `The input of ${shownCall(call)} must have a column ${spec.user.name}, ` +
        `a column ${spec.item.name}, or both`,
    );
  }
  if (rest.length > 0 && (user === undefined || item === undefined)) {
    const { name } = input.columns[input.names.indexOf(rest[0])];
    throw invalidQuery(
      `The input of ${shownCall(call)} with one of the columns ${spec.user.name} and ` +
        `${spec.item.name} must have no other: it has ${name}`,
    );
  }
  return { user, item, rest };
}

function idColumn(call: MlCall, { name, type }: Field, input: MlInput): string | undefined {
  const at = columnIndex(input.columns, name);
  if (at < 0) return undefined;
  const given = typeName(input.columns[at].type);
  if (given !== typeName(type)) throw wrongType(call, [name, given, typeName(type)]);
  return input.names[at];
}
