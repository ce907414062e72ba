/** Trains and writes a matrix factorization model. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { invalidQuery } from "../../errors.ts";
import { readColumns } from "../../warehouse/columns.ts";
import { factorizationResource } from "../../warehouse/factorization_resource.ts";
import {
  createFactorizationTables,
  type TrainedFactorization,
} from "../../warehouse/factorization_tables.ts";
import { NUMERIC_KINDS } from "../../warehouse/features.ts";
import type { FactorizationSpec } from "../../warehouse/model_spec.ts";
import { type Field, typeName } from "../../warehouse/types.ts";
import { factorizationMetricsSql } from "../lower/ml/evaluate_factorization.ts";
import { defaultFactors, type FactorizationModelOptions } from "../model_options.ts";
import { noRows, type Scratch, type Trainer } from "./training.ts";

/**
 * A trainer for ratings in the given columns. Rows with a NULL in them are left out (BigQuery's way
 * with them is not documented); ratings of the same pair add up for IMPLICIT feedback and are
 * observations of their own for EXPLICIT.
 *
 * @throws {CloudError} `invalidQuery` unless the columns are a user, an item and a rating.
 */
export function factorizationTrainer(
  columns: Field[],
  options: FactorizationModelOptions,
): Trainer {
  const { userColumn, itemColumn, ratingColumn } = options;
  const [user, item, rating] = [
    idColumn(columns, "USER_COL", userColumn),
    idColumn(columns, "ITEM_COL", itemColumn),
    columnAt(columns, "RATING_COL", ratingColumn),
  ];
  const { name, type } = columns[rating];
  if (!NUMERIC_KINDS.has(type.kind)) {
    throw invalidQuery(`RATING_COL ${name} must be a number, but is ${typeName(type)}`);
  }
  if (columns.length !== 3 || new Set([user, item, rating]).size < 3) {
    throw invalidQuery(
      "Matrix factorization needs exactly three columns in the training data, " +
        `${userColumn}, ${itemColumn} and ${ratingColumn}: there are ` +
        columns.map(({ name }) => name).join(", "),
    );
  }
  const fields = { user: columns[user], item: columns[item], rating: columns[rating] };
  return {
    rows: (query) =>
      `SELECT k${user} AS "user", k${item} AS item, CAST(k${rating} AS DOUBLE) AS rating
      FROM (${query})
      WHERE k${user} IS NOT NULL AND k${item} IS NOT NULL AND k${rating} IS NOT NULL`,
    train: (rows, scratch) => train(fields, options, rows, scratch),
  };
}

function columnAt(columns: Field[], option: string, column: string): number {
  const at = columns.findIndex(({ name }) => name.toLowerCase() === column.toLowerCase());
  if (at >= 0) return at;
  const there = columns.map(({ name }) => name).join(", ");
  throw invalidQuery(
    `${option} ${column} is not found in the training data, whose columns are ${there}`,
  );
}

function idColumn(columns: Field[], option: string, column: string): number {
  const at = columnAt(columns, option, column);
  const { kind } = columns[at].type;
  if (kind !== "ARRAY" && kind !== "STRUCT" && kind !== "JSON") return at;
  throw invalidQuery(`${option} ${column} must be of a groupable type, but is ${kind}`);
}

type Columns = Pick<FactorizationSpec, "user" | "item" | "rating">;

async function train(
  columns: Columns,
  options: FactorizationModelOptions,
  rows: string,
  scratch: Scratch,
) {
  const count = await checkedCount(columns, rows, scratch);
  const users = await scratch.keep(codesSql(rows, '"user"'));
  const items = await scratch.keep(codesSql(rows, "item"));
  const sql = `SELECT u.code AS user_code, i.code AS item_code, rating FROM ${rows} AS r
    JOIN ${users} AS u ON u.id = r."user" JOIN ${items} AS i ON i.id = r.item ORDER BY ALL`;
  const [userCodes, itemCodes, values] = await scratch.read((connection) =>
    readColumns(connection, sql, count)
  );
  const factors = options.numFactors ?? defaultFactors(count);
  const begun = Date.now();
  const model = await scratch.train({
    kind: "factorization",
    ratings: {
      userCount: await countOf(users, scratch),
      itemCount: await countOf(items, scratch),
      users: Uint32Array.from(userCodes),
      items: Uint32Array.from(itemCodes),
      values,
    },
    options: { ...options, feedback: options.feedbackType, factors },
  });
  const names = [columns.user.name, columns.item.name] as [string, string];
  const trained = { model, factors, users, items, columns: names };
  const { feedbackType } = options;
  const spec = { modelType: "MATRIX_FACTORIZATION" as const, feedbackType, ...columns, factors };
  return {
    iterations: model.iterations,
    write: (connection: DuckDBConnection, storage: string) =>
      write(connection, storage, { trained, spec, options, rows, begun }),
  };
}

/** Counts the ratings, and refuses those that cannot be trained on. */
async function checkedCount(columns: Columns, rows: string, scratch: Scratch): Promise<number> {
  const [{ n, endless }] = await scratch.rows<Record<"n" | "endless", bigint>>(
    `SELECT count(*) AS n, count_if(NOT isfinite(rating)) AS endless FROM ${rows}`,
  );
  if (n === 0n) throw noRows();
  if (endless === 0n) return Number(n);
  throw invalidQuery(
    `Column ${columns.rating.name} holds NaN or infinite values in ${endless} rows of the ` +
      "training data: a model cannot be trained on them",
  );
}

/** The distinct ids of a column, numbered from 0 in their order: the same on every run. */
const codesSql = (rows: string, column: string) =>
  `SELECT id, (row_number() OVER (ORDER BY id) - 1)::INTEGER AS code
  FROM (SELECT DISTINCT ${column} AS id FROM ${rows})`;

async function countOf(table: string, scratch: Scratch): Promise<number> {
  const [{ n }] = await scratch.rows<{ n: bigint }>(`SELECT count(*) AS n FROM ${table}`);
  return Number(n);
}

/** What is written beside the tables of a factorization. */
interface Written {
  trained: TrainedFactorization;
  spec: FactorizationSpec;
  options: FactorizationModelOptions;
  rows: string;
  begun: number;
}

async function write(
  connection: DuckDBConnection,
  storage: string,
  { trained, spec, options, rows, begun }: Written,
) {
  await createFactorizationTables(connection, storage, trained);
  await connection.run(`CREATE TABLE ${storage}_metrics AS
    SELECT * FROM ${factorizationMetricsSql(storage, spec, rows)}`);
  const { iterations } = trained.model;
  const resource = await factorizationResource(connection, storage, {
    ...{ spec, options, iterations, begun },
  });
  return { spec, resource };
}
