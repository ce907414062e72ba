/** A built graph as the files of a SavedModel. */
import { VARIABLES, writeBundle } from "./bundle.ts";
import { attr, type GraphBuilder, tensorInfo } from "./graph_builder.ts";
import {
  type CollectionDef,
  encode,
  type MetaGraphDef,
  type SignatureDef,
  type TensorInfo,
} from "./messages.ts";

/** Files of a SavedModel by their path in its folder. */
export type WrittenFiles = ReadonlyMap<string, Uint8Array>;

/** What a model takes and gives, by name. */
export interface ServingSignature {
  inputs: Record<string, TensorInfo>;
  outputs: Record<string, TensorInfo>;
}

const SAVED_MODEL = "saved_model.pb";
/** Of TensorFlow 1.15: whoever is as young loads it. */
const GRAPH_VERSION = { producer: 134, minConsumer: 12 };
const INIT = "init_all_tables";

/**
 * The files of a model, `saved_model.pb` as the last: who writes them in this order leaves no half
 * model. The graph gets the nodes that restore its variables and fill its tables.
 */
export function savedModelFiles(graph: GraphBuilder, signature: ServingSignature): WrittenFiles {
  const saverDef = addSaver(graph);
  const signatureDef: Record<string, SignatureDef> = {
    serving_default: { ...signature, methodName: "tensorflow/serving/predict" },
  };
  if (graph.initializers.length > 0) {
    graph.add("NoOp", INIT, graph.initializers.map((name) => `^${name}`));
    const done: TensorInfo = {
      encoding: "name",
      name: INIT,
      dtype: 0,
      tensorShape: { dim: [], unknownRank: true },
    };
    signatureDef.__saved_model_init_op = {
      ...{ inputs: {}, outputs: { __saved_model_init_op: done }, methodName: "" },
    };
  }
  const metaGraph: MetaGraphDef = {
    metaInfoDef: { tags: ["serve"], tensorflowVersion: "1.15.0" },
    graphDef: { node: graph.nodes, library: null, versions: GRAPH_VERSION },
    saverDef,
    collectionDef: { variables: variableCollection(graph) },
    signatureDef,
    assetFileDef: [...graph.assets].map(([filename, { node }]) => (
      { tensorInfo: tensorInfo(node, "string", []), filename }
    )),
  };
  const proto = encode("SavedModel", { savedModelSchemaVersion: 1, metaGraphs: [metaGraph] });
  const assets = [...graph.assets].map(([name, { contents }]) =>
    [`assets/${name}`, contents] as const
  );
  return new Map([...assets, ...writeBundle(graph.variables, VARIABLES), [SAVED_MODEL, proto]]);
}

/** The nodes that write variables to a bundle and read them from it. */
function addSaver(graph: GraphBuilder): MetaGraphDef["saverDef"] {
  const names = [...graph.variables.keys()].sort();
  const dtypes = names.map((name) => graph.variables.get(name)!.dtype);
  const shape = [names.length];
  const prefix = graph.constant("save/Const", { dtype: "string", shape: [], values: ["model"] });
  const list = graph.constant("save/tensor_names", { dtype: "string", shape, values: names });
  const whole = graph.constant("save/shape_and_slices", {
    ...{ dtype: "string", shape, values: names.map(() => "") },
  });
  const types = { dtypes: attr.types(dtypes) };
  const reads = names.map((name) => `${name}/Read/ReadVariableOp`);
  graph.add("SaveV2", "save/SaveV2", [prefix, list, whole, ...reads], types);
  const T = attr.type("string");
  graph.add("Identity", "save/control_dependency", [prefix, "^save/SaveV2"], { T });
  graph.add("RestoreV2", "save/RestoreV2", [prefix, list, whole], types);
  const assigned = names.map((name, at) =>
    graph.add("AssignVariableOp", `save/Assign_${at}`, [name, `save/RestoreV2:${at}`], {
      dtype: attr.type(dtypes[at]),
    })
  );
  graph.add("NoOp", "save/restore_all", assigned.map((name) => `^${name}`));
  return {
    filenameTensorName: "save/Const:0",
    saveTensorName: "save/control_dependency:0",
    restoreOpName: "save/restore_all",
    maxToKeep: 5,
    keepCheckpointEveryNHours: 10_000,
    version: 2,
  };
}

/** What TensorFlow 2 finds the variables of an older graph by. */
function variableCollection(graph: GraphBuilder): CollectionDef {
  const value = [...graph.variables.keys()].map((name) =>
    encode("VariableDef", {
      variableName: `${name}:0`,
      initializerName: "save/restore_all",
      snapshotName: `${name}/Read/ReadVariableOp:0`,
      isResource: true,
      initialValueName: "",
      trainable: false,
    })
  );
  return { kind: "bytesList", bytesList: { value } };
}

/**
 * The node of an input: the input's own name where TensorFlow allows it for a node. All others, but
 * for one, have a slash in theirs.
 *
 * @param at The input's position, for a name of another kind.
 */
export function inputNode(name: string, at: number): string {
  return /^[A-Za-z0-9.][A-Za-z0-9_.-]*$/.test(name) && name !== INIT ? name : `inputs/input_${at}`;
}
