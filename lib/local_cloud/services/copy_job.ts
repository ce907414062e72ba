/** Copy jobs: tables into a table. */
import { z } from "zod";
import type { TableRef } from "../warehouse/catalogue.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import { quote } from "../warehouse/types.ts";
import { parse } from "./input.ts";
import type { JobResult } from "./jobs.ts";
import { checkId } from "./names.ts";
import { createDisposition, tableReference, writeDisposition } from "./query_job.ts";
import { openTarget, type Target } from "./target_table.ts";
import { findTable } from "./tables.ts";
import { CloudError } from "../errors.ts";
import { tableName } from "./schema_change.ts";

const configuration = z.strictObject({
  sourceTable: tableReference.optional(),
  sourceTables: z.array(tableReference).optional(),
  destinationTable: tableReference,
  writeDisposition: writeDisposition.default("WRITE_EMPTY"),
  createDisposition: createDisposition.default("CREATE_IF_NEEDED"),
  operationType: z.enum(["COPY", "OPERATION_TYPE_UNSPECIFIED"]).optional(),
});

/** A copy to run. */
export interface Copy {
  sources: TableRef[];
  target: Target;
}

/**
 * The copy that a job's `configuration.copy` asks for.
 *
 * @throws {CloudError} `invalid`, naming the option.
 */
export function copyOf(copy: unknown, projectId: string): Copy {
  const given = parse(configuration, copy, "configuration.copy");
  const refOf = (table: z.infer<typeof tableReference>): TableRef => ({
    projectId: table.projectId ?? projectId,
    datasetId: checkId("dataset", table.datasetId),
    tableId: checkId("table", table.tableId),
  });
  const sources = given.sourceTables ?? (given.sourceTable ? [given.sourceTable] : []);
  if (sources.length === 0) {
    throw new CloudError("required", "Required parameter is missing: sourceTables", "sourceTables");
  }
  const { writeDisposition, createDisposition } = given;
  const target = { ref: refOf(given.destinationTable), writeDisposition, createDisposition };
  return { sources: sources.map(refOf), target };
}

/** Runs a copy as a job's work: all tables in one transaction. */
export async function runCopy(
  warehouse: Warehouse,
  { sources, target }: Copy,
  signal: AbortSignal,
): Promise<JobResult> {
  return await warehouse.retried(async (c) => {
    const entries = [];
    for (const ref of sources) {
      const entry = await findTable(warehouse, c, ref);
      if (entry.type === "VIEW") {
        throw new CloudError("invalid", `Cannot copy ${tableName(ref)} as it is a view`);
      }
      entries.push(entry);
    }
    const first = entries[0];
    const into = await openTarget(warehouse, c, target, first.columns);
    let rows = 0;
    for (const { storage, columns } of entries) {
      const names = columns.map(({ name }) => quote(name)).join(", ");
      const copied = await c.run(
        `INSERT INTO ${into.storage} (${names}) SELECT ${names} FROM ${storage}`,
      );
      rows += copied.rowsChanged;
    }
    return { statistics: { copy: { copiedRows: String(rows) } } };
  }, signal);
}
