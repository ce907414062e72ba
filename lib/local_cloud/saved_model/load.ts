/** Loads a SavedModel as TensorFlow does: variables are restored, tables filled, then it is asked. */
import { type Bundle, openBundle, VARIABLES } from "./bundle.ts";
import { evaluate, type Known } from "./evaluation.ts";
import { Graph } from "./graph.ts";
import type { GraphNode } from "./graph_node.ts";
import { resetRoom } from "./kernels/elements.ts";
import type { HashTable } from "./kernels/hash_table.ts";
import { type Environment, invalid, type Variable } from "./kernels/kernel.ts";
import { type AssetFileDef, decode, type MetaGraphDef } from "./messages.ts";
import { Plan } from "./plan.ts";
import { checkedInputs, type Signature, signatureOf } from "./signature.ts";
import type { Tensor } from "./tensor.ts";

/** Files of a SavedModel by their path in its folder: `saved_model.pb`, `variables/variables.index`. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/** A loaded model. */
export interface ServingModel {
  /**
   * By name; `serving_default` is the usual one. Names starting with `__` are left out, and so is a
   * signature that cannot be run, if there is another one that can.
   */
  signatures: ReadonlyMap<string, Signature>;
  /**
   * The outputs of a signature, by name.
   *
   * @param signature Default `serving_default`, or the only one.
   * @throws {CloudError} `invalid`: an input is missing, superfluous or of another type or shape;
   * what is given cannot be computed.
   */
  run(inputs: ReadonlyMap<string, Tensor>, signature?: string): Map<string, Tensor>;
}

const DEFAULT = "serving_default";
const INIT = "__saved_model_init_op";
/** Where TensorFlow 1 names the files of the tables, and what fills them. */
const ASSETS_COLLECTION = "saved_model_assets";
const INIT_COLLECTIONS = ["saved_model_main_op", "legacy_init_op"];

/**
 * Loads a model of any version of TensorFlow, to be run in the very types of its graph.
 *
 * @throws {CloudError} `invalid`: it is no SavedModel, is damaged, or has an operation that is not
 * known, which is named with its node.
 */
export function loadSavedModel(files: ModelFiles): ServingModel {
  const bytes = files.get("saved_model.pb");
  if (bytes === undefined) {
    throw invalid("The model has no file saved_model.pb: name the folder of a SavedModel");
  }
  const { metaGraphs } = decode("SavedModel", bytes);
  const metaGraph = metaGraphs.find(({ metaInfoDef }) => metaInfoDef?.tags.includes("serve"));
  if (!metaGraph?.graphDef) throw invalid("The SavedModel has no graph with the tag serve");
  resetRoom();
  const graph = new Graph(metaGraph.graphDef);
  const environment = new Files(files);
  restore(metaGraph, graph, environment);
  initialize(metaGraph, graph, environment);
  return new LoadedModel(metaGraph, graph, environment);
}

/** What a graph reaches while it is loaded: the model's files, and what it keeps. */
class Files implements Environment {
  readonly #kept = new Map<string, Variable | HashTable>();
  #bundle: Bundle | undefined;

  constructor(private readonly files: ModelFiles) {}

  readFile(path: string): Uint8Array {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw invalid(`The SavedModel has no file ${path}`);
    return bytes;
  }

  restore(prefix: string, name: string): Tensor {
    if (prefix !== VARIABLES) throw invalid(`Variables cannot be restored from ${prefix}`);
    this.#bundle ??= openBundle(this.files);
    return this.#bundle.tensor(name);
  }

  get hasVariables(): boolean {
    return this.files.has(`${VARIABLES}.index`);
  }

  kept<T extends Variable | HashTable>(name: string, make: () => T): T {
    const found = this.#kept.get(name) as T | undefined;
    if (found !== undefined) return found;
    const made = make();
    this.#kept.set(name, made);
    return made;
  }
}

const text = (value: string): readonly Tensor[] => [
  { dtype: "string", shape: [], values: [value] },
];

/** Reads the values of all variables. A model without any has no files of them. */
function restore({ saverDef }: MetaGraphDef, graph: Graph, environment: Files): void {
  if (!saverDef?.restoreOpName || !environment.hasVariables) return;
  const known: Known = new Map([
    [graph.edge(saverDef.filenameTensorName).node, text(VARIABLES)],
  ]);
  evaluate([graph.edge(saverDef.restoreOpName).node], known, environment);
}

/** Fills the tables, with the model's own files in the place of those it was made with. */
function initialize(metaGraph: MetaGraphDef, graph: Graph, environment: Environment): void {
  const main = initializer(metaGraph, graph);
  if (main === undefined) return;
  const known: Known = new Map(
    assetsOf(metaGraph).map(({ tensorInfo, filename }) => [
      graph.edge(tensorInfo?.name ?? "").node,
      text(`assets/${filename}`),
    ]),
  );
  evaluate([main], known, environment);
}

/** The files in `assets/`; TensorFlow 1 names them in a collection. */
function assetsOf({ assetFileDef, collectionDef }: MetaGraphDef): AssetFileDef[] {
  const listed = collectionDef[ASSETS_COLLECTION];
  if (assetFileDef.length > 0 || listed?.kind !== "anyList") return assetFileDef;
  return listed.anyList.value.map((any) => decode("AssetFileDef", decode("Any", any).value));
}

function initializer(
  { signatureDef, collectionDef }: MetaGraphDef,
  graph: Graph,
): GraphNode | undefined {
  const name = signatureDef[INIT]?.outputs[INIT]?.name;
  if (name !== undefined) return graph.edge(name).node;
  for (const collection of INIT_COLLECTIONS) {
    const found = collectionDef[collection];
    if (found?.kind === "nodeList" && found.nodeList.value.length > 0) {
      return graph.edge(found.nodeList.value[0]).node;
    }
  }
}

interface Ready {
  signature: Signature;
  plan: Plan;
}

class LoadedModel implements ServingModel {
  readonly signatures: ReadonlyMap<string, Signature>;
  readonly #ready = new Map<string, Ready>();
  /** Why a signature cannot be run. */
  readonly #refused = new Map<string, unknown>();

  constructor({ signatureDef }: MetaGraphDef, graph: Graph, environment: Environment) {
    const known: Known = new Map();
    const names = Object.keys(signatureDef).filter((name) => !name.startsWith("__")).sort();
    for (const name of names) {
      try {
        const { tensors, ...signature } = signatureOf(signatureDef[name]);
        const inputs = tensors.inputs.map((one) => graph.edge(one).node);
        const outputs = tensors.outputs.map((one) => graph.edge(one));
        this.#ready.set(name, {
          signature,
          plan: new Plan({ inputs, outputs, known, environment }),
        });
      } catch (error) {
        if (name === DEFAULT || names.length === 1) throw error;
        this.#refused.set(name, error);
      }
    }
    if (this.#ready.size === 0) {
      throw this.#refused.values().next().value ?? invalid("The SavedModel has no signature");
    }
    this.signatures = new Map([...this.#ready].map(([name, { signature }]) => [name, signature]));
  }

  run(inputs: ReadonlyMap<string, Tensor>, name?: string): Map<string, Tensor> {
    const { signature, plan } = this.#signature(name);
    const found = plan.run(checkedInputs(signature, inputs));
    const outputs = new Map<string, Tensor>();
    let at = 0;
    for (const [output, { dtype }] of signature.outputs) {
      const tensor = found[at++];
      if (tensor.dtype !== dtype) {
        throw invalid(`Output ${output} of the model is ${tensor.dtype}, not ${dtype} as it says`);
      }
      outputs.set(output, tensor);
    }
    return outputs;
  }

  #signature(name?: string): Ready {
    const only = this.#ready.size === 1 ? this.#ready.keys().next().value! : DEFAULT;
    const asked = name ?? (this.#ready.has(DEFAULT) ? DEFAULT : only);
    const ready = this.#ready.get(asked);
    if (ready !== undefined) return ready;
    if (this.#refused.has(asked)) throw this.#refused.get(asked);
    const names = [...this.#ready.keys()].join(", ");
    throw invalid(`The model has no signature ${asked}: it has ${names}`);
  }
}
