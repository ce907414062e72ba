/** A matrix factorization of the warehouse as a SavedModel. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { CloudError } from "../errors.ts";
import { factorizationSavedModel, type UserIds } from "../saved_model/factorization_graph.ts";
import type { WrittenFiles } from "../saved_model/write.ts";
import { readColumns } from "./columns.ts";
import { readLists, readTexts } from "./export_columns.ts";
import { NUMERIC_KINDS, textSql } from "./features.ts";
import type { FactorizationSpec } from "./model_spec.ts";
import { type Field, typeName } from "./types.ts";

/** The largest model that BigQuery exports, in bytes. */
const MOST_BYTES = 2 ** 30;
/** From here on several whole numbers are the same FLOAT64. */
const INEXACT = 2 ** 53;

const invalid = (message: string) => new CloudError("invalid", message);

/**
 * The files of the model whose tables begin with `storage`.
 *
 * @param name The model's, for messages.
 * @throws {CloudError} `invalid`, if it is larger than 1 GiB or its ids cannot be exported.
 */
export async function exportFactorization(
  connection: DuckDBConnection,
  storage: string,
  { spec, name }: { spec: FactorizationSpec; name: string },
): Promise<WrittenFiles> {
  const { user, item, factors } = spec;
  for (const column of [user, item]) refuseType(name, column);
  if (item.type.kind === "FLOAT64") {
    throw notExportable(name, `item column ${item.name} is of type FLOAT64: use INT64 or STRING`);
  }
  const sides = {
    users: await sideOf(connection, storage, "users", user),
    items: await sideOf(connection, storage, "items", item),
  };
  const bytes = [sides.users, sides.items].reduce(
    (sum, { count, textBytes }) => sum + textBytes + count * (factors + 1) * 8,
    0,
  );
  if (bytes > MOST_BYTES) {
    const size = (bytes / 2 ** 30).toFixed(2);
    throw notExportable(
      name,
      `it takes ${size} GiB and the limit is 1 GiB: train it with fewer NUM_FACTORS`,
    );
  }
  const [[globalIntercept]] = await readColumns(
    connection,
    `SELECT global_intercept FROM ${storage}_intercept`,
    1,
  );
  const users = await learned(connection, `${storage}_users`, factors, sides.users.count + 1);
  const items = await learned(connection, `${storage}_items`, factors, sides.items.count);
  return factorizationSavedModel({
    user: user.name,
    users: await userIds(connection, storage, { user, name, count: sides.users.count }),
    items: await readTexts(connection, idsSql(storage, "items", item)),
    ...{ factors, globalIntercept },
    ...{ userFactors: users.factors, userIntercepts: users.intercepts },
    ...{ itemFactors: items.factors, itemIntercepts: items.intercepts },
  });
}

const notExportable = (name: string, why: string) =>
  invalid(`Model ${name} is not exportable from BigQuery ML: ${why}`);

function refuseType(name: string, { name: column, type }: Field): void {
  if (type.kind !== "TIMESTAMP" && type.kind !== "GEOGRAPHY") return;
  throw notExportable(name, `column ${column} is of type ${typeName(type)}`);
}

/** The ids of a side as texts, in rising order of the ids. */
const idsSql = (storage: string, side: "users" | "items", { type }: Field) =>
  `SELECT ${textSql("id", type)} FROM ${storage}_${side} ORDER BY id`;

async function sideOf(
  connection: DuckDBConnection,
  storage: string,
  side: "users" | "items",
  { type }: Field,
): Promise<{ count: number; textBytes: number }> {
  const text = `CAST(${textSql("id", type)} AS VARCHAR)`;
  const [[count], [textBytes]] = await readColumns(
    connection,
    `SELECT count(*)::DOUBLE, coalesce(sum(strlen(${text}) + 1), 0)::DOUBLE
    FROM ${storage}_${side}`,
    1,
  );
  return { count, textBytes };
}

/** What was learned of the rows of a side, in rising order of the ids; `rows` may be one more. */
async function learned(
  connection: DuckDBConnection,
  table: string,
  factors: number,
  rows: number,
): Promise<{ factors: Float64Array; intercepts: Float64Array }> {
  const [intercepts] = await readColumns(
    connection,
    `SELECT intercept FROM ${table} ORDER BY id`,
    rows,
  );
  const lists = `SELECT factors AS list FROM ${table} ORDER BY id`;
  return { factors: await readLists(connection, lists, rows * factors), intercepts };
}

/** Numbers are FLOAT64 in an exported model; every other id is its text. */
async function userIds(
  connection: DuckDBConnection,
  storage: string,
  { user, name, count }: { user: Field; name: string; count: number },
): Promise<UserIds> {
  if (!NUMERIC_KINDS.has(user.type.kind)) {
    return { dtype: "string", ids: await readTexts(connection, idsSql(storage, "users", user)) };
  }
  const sql = `SELECT CAST(id AS DOUBLE) FROM ${storage}_users ORDER BY id`;
  const [ids] = await readColumns(connection, sql, count);
  const isExact = (id: number) => user.type.kind !== "INT64" || Math.abs(id) < INEXACT;
  if (!ids.every((id, at) => isExact(id) && (at === 0 || id > ids[at - 1]))) {
    throw notExportable(
      name,
      `column ${user.name} holds numbers that are not told apart as FLOAT64, which the inputs of ` +
        "exported models are: use a STRING column",
    );
  }
  return { dtype: "float64", ids };
}
