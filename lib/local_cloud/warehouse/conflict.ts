/** Two transactions in each other's way. */
import { CloudError } from "../errors.ts";

/** Another transaction committed first what this one wrote too. Nothing is left; trying again helps. */
export class Conflict extends CloudError {}

/** Another transaction changed the same rows or the same entry in place, as BigQuery words it. */
export function concurrentUpdate(what: string): Conflict {
  const message = `Could not serialize access to ${what} due to concurrent update`;
  return new Conflict("invalidQuery", message);
}

/** Another transaction made the same new name. */
export function madeMeanwhile(what: string): Conflict {
  return new Conflict("duplicate", `Already Exists: ${what}`);
}

const CONFLICT = /transaction conflict|write-write conflict|Conflict on|another transaction has/i;

/** DuckDB's conflict of two writers in our words; any other error as it is. */
export function conflictInWords(error: unknown): unknown {
  if (error instanceof CloudError || !(error instanceof Error)) return error;
  return CONFLICT.test(error.message) ? concurrentUpdate("table") : error;
}
