/** tabledata.insertAll: rows of JSON into a table, at once. */
import { z } from "zod";
import { CloudError } from "../errors.ts";
import type { TableRef } from "../warehouse/catalogue.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import { insertRows, type RowProblem, rowProblems, spelled } from "../warehouse/insert_rows.ts";
import { parse, yesOrNo } from "./input.ts";
import { findTable } from "./tables.ts";

const body = z.strictObject({
  kind: z.unknown().optional(),
  rows: z.array(z.strictObject({
    // BigQuery drops repeats "on a best effort basis"; here a row that is sent twice is there twice.
    insertId: z.string().optional(),
    json: z.record(z.string(), z.unknown()),
  })).min(1),
  skipInvalidRows: yesOrNo.default(false),
  ignoreUnknownValues: yesOrNo.default(false),
  traceId: z.string().optional(),
});

/**
 * Adds the rows and answers with what was wrong: one bad row keeps all out, unless
 * `skipInvalidRows` is set.
 *
 * @throws {CloudError} `notFound`, `invalid` for a view or an option that is not known.
 */
export async function insertAll(
  warehouse: Warehouse,
  ref: TableRef,
  request: unknown,
): Promise<unknown> {
  const given = parse(body, request);
  const problems = await warehouse.retried(async (c) => {
    const { type, storage, columns } = await findTable(warehouse, c, ref);
    if (type === "VIEW") {
      throw new CloudError("invalid", "Cannot add rows to a table of type VIEW.");
    }
    const rows = given.rows.map(({ json }) => spelled(json, columns));
    const problems = await rowProblems(c, columns, rows, given.ignoreUnknownValues);
    if (problems.length > 0 && !given.skipInvalidRows) return problems;
    const bad = new Set(problems.map(({ index }) => index));
    await insertRows(c, storage, columns, rows.filter((_, index) => !bad.has(index)));
    return problems;
  });
  const insertErrors = given.skipInvalidRows || problems.length === 0
    ? problems.map(invalid)
    : given.rows.map((_, index) => {
      const problem = problems.find((problem) => problem.index === index);
      return problem === undefined ? stopped(index) : invalid(problem);
    });
  const kind = "bigquery#tableDataInsertAllResponse";
  return insertErrors.length > 0 ? { kind, insertErrors } : { kind };
}

const invalid = ({ index, location, message }: RowProblem) => ({
  index,
  errors: [{ reason: "invalid", location, debugInfo: "", message }],
});

const stopped = (index: number) => ({
  index,
  errors: [{ reason: "stopped", location: "", debugInfo: "", message: "" }],
});
