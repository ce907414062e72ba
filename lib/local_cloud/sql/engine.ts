/**
 * Runs GoogleSQL: splits a script, resolves each statement, hands it to the file of its kind, and
 * turns what goes wrong into BigQuery's errors.
 */
import { CloudError, invalidQuery } from "../errors.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import { Analyzer } from "./analyzer.ts";
import { refusal, resolve, type Resolved } from "./compile.ts";
import type { Execution, ModelObjects } from "./execution.ts";
import { ImportedModels } from "./imported_models.ts";
import { Unsupported } from "./lower/lowering.ts";
import type { SqlEngine, StatementOutcome, StatementRequest } from "./mod.ts";
import { isReplaced, runtimeError } from "./runtime_errors.ts";
import { splitScript } from "./script.ts";
import { STATEMENTS } from "./statements/mod.ts";

/** How long a query may be, as in BigQuery; the analyzer takes no more than 4 MB. */
const MOST_CHARACTERS = 1024 * 1024;

class Engine implements SqlEngine {
  #analyzer = new Analyzer();
  #imported: ImportedModels;

  constructor(private warehouse: Warehouse, private objects: ModelObjects) {
    this.#imported = new ImportedModels(warehouse);
    this.#analyzer.warmUp();
  }

  async run(request: StatementRequest): Promise<StatementOutcome> {
    if (request.sql.length > MOST_CHARACTERS) {
      throw new CloudError(
        "invalid",
        "The query is too large. The maximum standard SQL query length is 1024.00K characters, " +
          "including comments and white space characters.",
      );
    }
    const statements = splitScript(request.sql);
    if (statements.length === 0) throw invalidQuery("Syntax error: Unexpected end of statement");
    if (statements.length === 1) return await this.#runStatement(statements[0], request);
    if (request.destination) {
      throw new CloudError(
        "invalid",
        "configuration.query.destinationTable cannot be set for scripts",
      );
    }
    const children: StatementOutcome[] = [];
    for (const sql of statements) children.push(await this.#runStatement(sql, request));
    const last = children[children.length - 1];
    return {
      ...last,
      statementType: "SCRIPT",
      bytesProcessed: children.reduce((sum, { bytesProcessed }) => sum + bytesProcessed, 0),
      children,
    };
  }

  async #runStatement(sql: string, request: StatementRequest): Promise<StatementOutcome> {
    const { projectId, location, defaultDataset, parameters, signal } = request;
    if (signal.aborted) throw new CloudError("stopped", "Job execution was cancelled");
    const connection = await this.warehouse.connect();
    try {
      const scope = { projectId, location, defaultDataset };
      const { warehouse, objects } = this;
      const execution = {
        analyzer: this.#analyzer,
        warehouse,
        objects,
        connection,
        imported: this.#imported,
        scope,
        parameters,
        request,
      };
      return await execute(sql, execution);
    } finally {
      connection.closeSync();
    }
  }

  async release(storage: string): Promise<void> {
    const connection = await this.warehouse.connect();
    try {
      await connection.run(`DROP TABLE IF EXISTS ${storage}`);
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    await this.#analyzer.close();
  }
}

const ATTEMPTS = 5;

/** A table that another job replaced meanwhile is read anew. */
async function execute(
  sql: string,
  execution: Execution,
  attempts = ATTEMPTS,
): Promise<StatementOutcome> {
  let resolved: Resolved | undefined;
  try {
    resolved = await resolve(sql, execution);
    const statement = STATEMENTS[resolved.statement.kind];
    if (statement === undefined) throw new Unsupported(statementName(resolved));
    if (execution.request.destination && statement !== STATEMENTS.QueryStmt) {
      throw new CloudError(
        "invalid",
        `Cannot set destination table in jobs with ${statementName(resolved)} statements`,
      );
    }
    return await statement(resolved, execution);
  } catch (error) {
    if (isReplaced(error) && attempts > 1) return await execute(sql, execution, attempts - 1);
    if (resolved === undefined) throw error;
    if (error instanceof Unsupported) throw refusal(error, resolved);
    throw runtimeError(error, execution.request.signal);
  }
}

/** `CreateIndexStmt` → `CREATE INDEX`. */
const statementName = ({ statement }: Resolved) =>
  statement.kind.replace(/Stmt$/, "").replace(/\B[A-Z]/g, (letter) => ` ${letter}`).toUpperCase();

/**
 * Opens the SQL engine over a warehouse.
 *
 * @param objects Where models are exported to and imported from.
 * @returns an engine that must be closed: it keeps Google's analyzer running.
 */
export function openSqlEngine(warehouse: Warehouse, objects: ModelObjects): Promise<SqlEngine> {
  return Promise.resolve(new Engine(warehouse, objects));
}
