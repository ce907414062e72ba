/** A trained factorization as plain tables; {@link FactorizationSpec} says what each holds. */
import { DOUBLE, type DuckDBConnection, INTEGER, LIST, listValue } from "@duckdb/node-api";
import type { FactorizationModel } from "../ml/als.ts";
import { createFilled } from "./columns.ts";
import { createFeatures, iterationColumns } from "./kmeans_tables.ts";

/** A factorization to be written. */
export interface TrainedFactorization {
  model: FactorizationModel;
  factors: number;
  /** Tables `id, code`: the users and items by the number training knows them by, from 0. */
  users: string;
  items: string;
  /** The names of the two columns. */
  columns: [string, string];
}

/** Makes a model's tables, all but its metrics, in the connection's transaction. */
export async function createFactorizationTables(
  connection: DuckDBConnection,
  storage: string,
  { model, factors, users, items, columns }: TrainedFactorization,
): Promise<void> {
  const { userFactors, userIntercepts, itemFactors, itemIntercepts, iterations } = model;
  const sides = [
    { name: "users", ids: users, vectors: userFactors, intercepts: userIntercepts },
    { name: "items", ids: items, vectors: itemFactors, intercepts: itemIntercepts },
  ];
  for (const { name, ids, vectors, intercepts } of sides) {
    const numbered = `${storage}_${name}_numbered`;
    await createFilled(connection, numbered, intercepts.length, [
      { name: "code", type: INTEGER, valueAt: (row) => row },
      {
        name: "factors",
        type: LIST(DOUBLE),
        valueAt: (row) => listValue([...vectors.subarray(row * factors, (row + 1) * factors)]),
      },
      { name: "intercept", type: DOUBLE, valueAt: (row) => intercepts[row] },
    ]);
    await connection.run(`CREATE TABLE ${storage}_${name} AS
      SELECT id, factors, intercept FROM ${ids} JOIN ${numbered} USING (code) ORDER BY id`);
    await connection.run(`DROP TABLE ${numbered}`);
  }
  await createFilled(connection, `${storage}_intercept`, 1, [
    { name: "global_intercept", type: DOUBLE, valueAt: () => model.globalIntercept },
  ]);
  await createFilled(connection, `${storage}_training_info`, iterations.length, [
    ...iterationColumns(iterations),
    { name: "eval_loss", type: DOUBLE, valueAt: () => null }, // no rows are held back
  ]);
  const counts = [userIntercepts.length, itemIntercepts.length];
  const features = columns.map((name, i) => ({ feature: { name }, categoryCount: counts[i] }));
  await createFeatures(connection, `${storage}_features`, features);
}
