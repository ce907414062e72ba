/** What a new schema for a table that is there may differ in. */
import { CloudError } from "../errors.ts";
import type { TableRef } from "../warehouse/catalogue.ts";
import { type Field, typeName } from "../warehouse/types.ts";

/** `p:d.t`, as BigQuery's messages print a table's name. */
export const tableName = ({ projectId, datasetId, tableId }: TableRef) =>
  `${projectId}:${datasetId}.${tableId}`;

function mismatch(ref: TableRef, why: string, field: string): CloudError {
  const message = `Provided Schema does not match Table ${tableName(ref)}. ${why}`;
  return new CloudError("invalid", message, field);
}

/** The column of a name, in any case. */
export function columnNamed(columns: Field[], name: string): Field | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}

/**
 * The columns of a table after a change of its schema: columns may be added, if they can be NULL, and
 * REQUIRED ones become NULLABLE; nothing goes and no type changes.
 *
 * @throws {CloudError} `invalid`, naming the field.
 */
export function changedColumns(
  ref: TableRef,
  before: Field[],
  given: Field[],
): { columns: Field[]; added: Field[] } {
  const kept = before.map((column) => {
    const after = columnNamed(given, column.name);
    if (after === undefined) {
      throw mismatch(ref, `Field ${column.name} is missing in new schema`, column.name);
    }
    checkSame(ref, column, after);
    return { ...after, name: column.name };
  });
  const added = given.filter(({ name }) => columnNamed(before, name) === undefined);
  for (const { name, required } of added) {
    if (required) {
      throw mismatch(
        ref,
        `Cannot add required fields to an existing schema. (field: ${name})`,
        name,
      );
    }
  }
  return { columns: [...kept, ...added], added };
}

function checkSame(ref: TableRef, before: Field, after: Field): void {
  const [was, is] = [typeName(before.type), typeName(after.type)];
  if (was !== is) {
    throw mismatch(ref, `Field ${before.name} has changed type from ${was} to ${is}`, before.name);
  }
  if (after.required && !before.required) {
    const why = `Field ${before.name} has changed mode from NULLABLE to REQUIRED`;
    throw mismatch(ref, why, before.name);
  }
}
