/** What the file of a kind of statement gets, and what it gives. */
import type { Compiler, Resolved } from "./compile.ts";
import type { ModelBuckets } from "../warehouse/export_model.ts";
import type { ObjectStore } from "../object_store.ts";
import type { StatementOutcome, StatementRequest } from "./mod.ts";

/** Where models are exported to and imported from. */
export type ModelObjects = ModelBuckets & Pick<ObjectStore, "withFiles">;

/** A statement on its way: what it may use, and what it was asked with. */
export interface Execution extends Compiler {
  request: StatementRequest;
  objects: ModelObjects;
}

/**
 * Runs a resolved statement whole or not at all.
 *
 * @throws {Unsupported} for a part of it that the warehouse does not know; `CloudError` for what is
 * wrong with it.
 */
export type RunStatement = (resolved: Resolved, execution: Execution) => Promise<StatementOutcome>;
