/** Every kind of statement that runs, by the analyzer's name for it. */
import type { RunStatement } from "../execution.ts";
import { createFunction, dropFunction } from "./functions.ts";
import { createModel } from "./create_model.ts";
import { drop } from "./drop.ts";
import { createTable, createTableAsSelect, createView } from "./create_table.ts";
import { createSchema } from "./create_schema.ts";
import { deleteRows, insert, truncate, update } from "./dml.ts";
import { exportModelStatement } from "./export_model.ts";
import { query } from "./query.ts";

export const STATEMENTS: Record<string, RunStatement | undefined> = {
  CreateFunctionStmt: createFunction,
  CreateModelStmt: createModel,
  CreateSchemaStmt: createSchema,
  CreateTableAsSelectStmt: createTableAsSelect,
  CreateTableStmt: createTable,
  CreateViewStmt: createView,
  DeleteStmt: deleteRows,
  DropFunctionStmt: dropFunction,
  DropStmt: drop,
  ExportModelStmt: exportModelStatement,
  InsertStmt: insert,
  QueryStmt: query,
  TruncateStmt: truncate,
  UpdateStmt: update,
};
