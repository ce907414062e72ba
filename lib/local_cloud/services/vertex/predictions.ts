/** Predictions: `predict`, `rawPredict`, and `explain`, which no model here can. */
import type { ServingModel, Tensor } from "../../saved_model/mod.ts";
import { CloudError } from "../../errors.ts";
import { failedPrecondition, invalidArgument } from "./errors.ts";
import { shown } from "./json_values.ts";
import { findModel, findVersion } from "./model_resource.ts";
import type { DeployedRecord, EndpointRecord } from "./records.ts";
import { readBody } from "./request_body.ts";
import { tensorsOfInputs, tensorsOfInstances } from "./request_tensors.ts";
import { servedKey, type ServedModels } from "./served_models.ts";
import { idOf, type VertexState } from "./state.ts";
import { columnsJson, rowsJson, servingNumber, vertexNumber } from "./tensor_json.ts";
import { route } from "./traffic.ts";

const SIGNATURE = "serving_default";
const JSON_HEADERS = { "content-type": "application/json; charset=UTF-8" };

/** What predictions stand on. */
export interface PredictionParts {
  state: VertexState;
  served: ServedModels;
  /** From 0 up to 1: decides which of several models is asked. Default `Math.random`. */
  random?: () => number;
}

/** Answers for what is deployed. */
export class Predictions {
  constructor(private readonly parts: PredictionParts) {}

  /** Predictions for the instances in a request's body. */
  async predict(endpoint: string, request: Request): Promise<Response> {
    const body = await readBody(request);
    const { instances, parameters: _parameters, labels: _labels, ...unknown } = body;
    for (const name in unknown) {
      throw invalidArgument(
        `Invalid JSON payload received. Unknown name "${name}": Cannot find field: predict takes ` +
          "instances and parameters, rawPredict takes whatever TensorFlow Serving takes",
      );
    }
    if (instances === undefined) {
      throw invalidArgument("Missing 'inputs' or 'instances' key: send a list of instances");
    }
    const { deployed, model } = await this.#serving(endpoint);
    const { outputs } = run(model, (inputs) => tensorsOfInstances(instances, inputs));
    const { displayName } = findModel(this.parts.state, deployed);
    return new Response(
      `{"predictions":${rowsJson(outputs, vertexNumber)},"deployedModelId":"${deployed.id}",` +
        `"model":${JSON.stringify(deployed.model)},` +
        `"modelDisplayName":${JSON.stringify(displayName)},` +
        `"modelVersionId":"${deployed.modelVersionId}"}`,
      { headers: JSON_HEADERS },
    );
  }

  /** What TensorFlow Serving answers to the body, which may hold `instances` or `inputs`. */
  async rawPredict(endpoint: string, request: Request): Promise<Response> {
    const body = await readBody(request);
    const { deployed, model } = await this.#serving(endpoint);
    return new Response(servingAnswer(model, body), {
      headers: {
        ...JSON_HEADERS,
        "x-vertex-ai-endpoint-id": idOf(endpoint),
        "x-vertex-ai-deployed-model-id": deployed.id,
      },
    });
  }

  /** @throws {CloudError} Always: no model that is deployed here can explain. */
  async explain(endpoint: string, request: Request): Promise<Response> {
    const { deployedModelId: asked } = await readBody(request);
    const { id } = this.#deployed(endpoint, typeof asked === "string" ? asked : undefined);
    throw failedPrecondition(`Deployed model ${id} does not support explanation.`);
  }

  #endpoint(name: string): EndpointRecord {
    const found = this.parts.state.endpoints.get(name);
    if (found) return found;
    throw new CloudError("notFound", `Endpoint \`${name}\` not found.`);
  }

  #deployed(endpoint: string, id?: string): DeployedRecord {
    const record = this.#endpoint(endpoint);
    if (id === undefined) return route(record, (this.parts.random ?? Math.random)());
    const found = record.deployed.find((one) => one.id === id);
    if (found) return found;
    throw new CloudError("notFound", `Endpoint ${endpoint} has no DeployedModel ${id}`);
  }

  /** The model that a request goes to, loaded again where this process has not loaded it yet. */
  async #serving(endpoint: string) {
    const deployed = this.#deployed(endpoint);
    const key = servedKey(deployed.model, deployed.modelVersionId);
    const loaded = this.parts.served.get(key);
    if (loaded) return { deployed, model: loaded };
    const version = findVersion(findModel(this.parts.state, deployed), deployed.modelVersionId);
    return { deployed, model: await this.parts.served.load(key, version) };
  }
}

type Inputs = NonNullable<ReturnType<ServingModel["signatures"]["get"]>>["inputs"];

function run(
  model: ServingModel,
  tensors: (inputs: Inputs) => Map<string, Tensor>,
  name = SIGNATURE,
) {
  const signature = model.signatures.get(name);
  if (!signature) {
    throw invalidArgument(
      `Serving signature name: "${name}" not found in signature def: the model has ` +
        ([...model.signatures.keys()].join(", ") || "none"),
    );
  }
  if (signature.inputs.size === 0) {
    throw invalidArgument(`Failed to get input map for signature: ${name}, which takes none`);
  }
  return { outputs: inPublishedOrder(model.run(tensors(signature.inputs), name)) };
}

/**
 * TensorFlow Serving lists outputs in the order of a hash map. This is how it is seen to list those
 * of a k-means model; those of others stay in the order of their names.
 */
const PUBLISHED_ORDER = ["nearest_centroid_id", "centroid_distances", "centroid_ids"];

function inPublishedOrder(outputs: Map<string, Tensor>): Map<string, Tensor> {
  if (outputs.size !== PUBLISHED_ORDER.length || !PUBLISHED_ORDER.every((n) => outputs.has(n))) {
    return outputs;
  }
  return new Map(PUBLISHED_ORDER.map((name) => [name, outputs.get(name)!]));
}

function servingAnswer(model: ServingModel, body: Record<string, unknown>): string {
  const { instances, inputs, signature_name: name } = body;
  if (name !== undefined && typeof name !== "string") {
    throw invalidArgument(
      `JSON Value: ${shown(body)} not formatted correctly. 'signature_name' key must be a ` +
        "string value.",
    );
  }
  if (instances !== undefined && inputs !== undefined) {
    throw invalidArgument(
      "Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist",
    );
  }
  if (instances !== undefined) {
    const { outputs } = run(model, (specs) => tensorsOfInstances(instances, specs), name);
    return `{"predictions":${rowsJson(outputs, servingNumber)}}`;
  }
  if (inputs === undefined) throw invalidArgument("Missing 'inputs' or 'instances' key");
  const { outputs } = run(model, (specs) => tensorsOfInputs(inputs, specs), name);
  return `{"outputs":${columnsJson(outputs, servingNumber)}}`;
}
