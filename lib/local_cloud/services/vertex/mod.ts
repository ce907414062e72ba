/** Vertex AI's local counterpart: models from the object store, endpoints that serve them. */
import type { ObjectStore } from "../../object_store.ts";
import { Deployments } from "./deployments.ts";
import { Endpoints } from "./endpoints.ts";
import { Models } from "./models.ts";
import { Operations } from "./operations.ts";
import { Predictions } from "./predictions.ts";
import { ServedModels } from "./served_models.ts";
import { VertexState } from "./state.ts";

/** The parts that answer, to be closed in the end. */
export interface VertexCloud {
  models: Models;
  endpoints: Endpoints;
  deployments: Deployments;
  operations: Operations;
  predictions: Predictions;
  /** Names of all models and endpoints, in every project and region. */
  names(): string[];
  /** Waits for operations under way. */
  close(): Promise<void>;
}

/** How to open Vertex AI's local counterpart. */
export interface VertexOptions {
  /** Where its state is; made where it is missing. */
  folder: string;
  objects: ObjectStore;
  /** From 0 up to 1: decides which of several deployed models is asked. Default `Math.random`. */
  random?: () => number;
}

/** Opens it. One process at a time may have a folder open. */
export async function openVertex(options: VertexOptions): Promise<VertexCloud> {
  const { folder, objects, random } = options;
  const state = await VertexState.open(folder);
  const operations = new Operations(state);
  const served = new ServedModels(objects);
  return {
    models: new Models({ state, operations, objects, served }),
    endpoints: new Endpoints(state, operations),
    deployments: new Deployments({ state, operations, served }),
    operations,
    predictions: new Predictions({ state, served, random }),
    names: () => [...state.models.keys(), ...state.endpoints.keys()],
    close: () => state.close(),
  };
}
