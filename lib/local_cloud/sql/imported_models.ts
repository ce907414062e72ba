/** Imported models made ready for queries: each is a function of DuckDB. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { loadSavedModel, type ServingModel } from "../saved_model/mod.ts";
import type { ModelEntry } from "../warehouse/catalogue.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import { readFiles } from "../warehouse/imported_files.ts";
import { specOf, type TensorFlowSpec } from "../warehouse/model_spec.ts";
import { savedModelFunction } from "./saved_model_function.ts";

/** So many models stay loaded; others are read again when they are asked. */
const MOST_LOADED = 4;

/** DuckDB's name of the function that runs a model. */
export const functionName = (storage: string): string => `run_${storage.replaceAll(".", "_")}`;

/** The imported models of one warehouse. */
export class ImportedModels {
  /** By storage, which is never used twice; the one asked last is the last. */
  readonly #loaded = new Map<string, ServingModel>();
  /** DuckDB cannot forget a function, so what a function holds must not hold its model. */
  readonly #functions = new Map<string, { model: WeakRef<ServingModel> }>();

  constructor(private readonly warehouse: Warehouse) {}

  /**
   * Loads a model and makes its function known to DuckDB.
   *
   * @param connection Reads the model's files.
   * @returns the model: the function runs as long as someone holds it.
   */
  async prepare(connection: DuckDBConnection, entry: ModelEntry): Promise<ServingModel> {
    const { storage } = entry;
    let model = this.#inMemory(storage);
    if (model === undefined) {
      const files = await readFiles(connection, storage);
      // Another query may have loaded it meanwhile: one copy serves all.
      model = this.#inMemory(storage) ?? loadSavedModel(files);
    }
    this.#loaded.delete(storage);
    this.#loaded.set(storage, model);
    const [oldest] = this.#loaded.keys();
    if (this.#loaded.size > MOST_LOADED) this.#loaded.delete(oldest);
    await this.#register(storage, model, specOf(entry) as TensorFlowSpec);
    return model;
  }

  /** A model that is kept, or that some query still holds. */
  #inMemory(storage: string): ServingModel | undefined {
    return this.#loaded.get(storage) ?? this.#functions.get(storage)?.model.deref();
  }

  async #register(storage: string, model: ServingModel, spec: TensorFlowSpec): Promise<void> {
    const known = this.#functions.get(storage);
    if (known !== undefined) {
      known.model = new WeakRef(model);
      return;
    }
    const held = { model: new WeakRef(model) };
    this.#functions.set(storage, held);
    // On a connection of its own: what registers it may be a transaction that is rolled back.
    const connection = await this.warehouse.connect();
    try {
      const run: ServingModel["run"] = (inputs) => {
        const loaded = held.model.deref();
        if (loaded === undefined) throw new Error("The model is not loaded any more: ask again");
        return loaded.run(inputs);
      };
      connection.registerScalarFunction(
        savedModelFunction(functionName(storage), { spec, run }),
      );
    } finally {
      connection.disconnectSync();
    }
  }
}
