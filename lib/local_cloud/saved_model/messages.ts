/**
 * TensorFlow's messages as plain objects, and their bytes.
 *
 * Reading fills in everything: a number that is absent is 0, a list is empty, a message is null. An
 * int64 is read as its decimal digits, so that none loses its last ones; writing takes numbers too.
 */
import protobuf from "protobufjs";
import { join } from "node:path";
import { CloudError } from "../errors.ts";

/** An int64: digits when read. */
export type Int64 = string | number;

/** TensorFlow's numbers of the types of a tensor, by their names without `DT_`. */
export const DATA_TYPES = {
  FLOAT: 1,
  DOUBLE: 2,
  INT32: 3,
  STRING: 7,
  INT64: 9,
  BOOL: 10,
  RESOURCE: 20,
  VARIANT: 21,
} as const;

export interface Dim {
  /** −1 where it may be anything. */
  size: Int64;
  name?: string;
}
export interface TensorShapeProto {
  dim: Dim[];
  unknownRank?: boolean;
}

/** A tensor; a short list of values means that the last one fills the rest. */
export interface TensorProto {
  dtype: number;
  tensorShape: TensorShapeProto | null;
  /** All values in one, little-endian; empty if they are in a list. */
  tensorContent?: Uint8Array;
  floatVal?: number[];
  doubleVal?: number[];
  /** Of int32 and of what is smaller. */
  intVal?: number[];
  stringVal?: Uint8Array[];
  int64Val?: Int64[];
  boolVal?: boolean[];
}

export interface NameAttrList {
  name: string;
  attr: Record<string, AttrValue>;
}
export interface AttrList {
  s?: Uint8Array[];
  i?: Int64[];
  f?: number[];
  b?: boolean[];
  type?: number[];
  shape?: TensorShapeProto[];
  tensor?: TensorProto[];
  func?: NameAttrList[];
}
/** An attribute of a node: `value` names the field that is set, and is left out if none is. */
export type AttrValue =
  | { value: "list"; list: AttrList }
  | { value: "s"; s: Uint8Array }
  | { value: "i"; i: Int64 }
  | { value: "f"; f: number }
  | { value: "b"; b: boolean }
  | { value: "type"; type: number }
  | { value: "shape"; shape: TensorShapeProto }
  | { value: "tensor"; tensor: TensorProto }
  | { value: "placeholder"; placeholder: string }
  | { value: "func"; func: NameAttrList }
  | { value?: undefined };

export interface NodeDef {
  name: string;
  op: string;
  /** `node`, `node:1` of an output, `^node` of what only has to run before. */
  input: string[];
  device?: string;
  attr: Record<string, AttrValue>;
}
export interface ArgDef {
  name: string;
  type?: number;
  typeAttr?: string;
  numberAttr?: string;
  typeListAttr?: string;
  isRef?: boolean;
}
export interface OpDef {
  name: string;
  inputArg: ArgDef[];
  outputArg: ArgDef[];
  controlOutput?: string[];
  isStateful?: boolean;
}
/** A function: inside it an output is named `node:output_arg:0`. */
export interface FunctionDef {
  signature: OpDef | null;
  attr: Record<string, AttrValue>;
  nodeDef: NodeDef[];
  ret: Record<string, string>;
  controlRet: Record<string, string>;
}
export interface VersionDef {
  producer: number;
  minConsumer?: number;
  badConsumers?: number[];
}
export interface GraphDef {
  node: NodeDef[];
  library: { function: FunctionDef[] } | null;
  versions: VersionDef | null;
}

export interface TensorInfo {
  encoding?: "name" | "cooSparse" | "compositeTensor";
  /** `node:0` if `encoding` is `name`. */
  name?: string;
  dtype: number;
  tensorShape: TensorShapeProto | null;
}
export interface SignatureDef {
  inputs: Record<string, TensorInfo>;
  outputs: Record<string, TensorInfo>;
  methodName: string;
  defaults?: Record<string, TensorProto>;
}
export type CollectionDef =
  | { kind: "nodeList"; nodeList: { value: string[] } }
  | { kind: "bytesList"; bytesList: { value: Uint8Array[] } }
  | { kind: "int64List"; int64List: { value: Int64[] } }
  | { kind: "floatList"; floatList: { value: number[] } }
  | { kind: "anyList"; anyList: { value: Uint8Array[] } }
  | { kind?: undefined };
export interface SaverDef {
  filenameTensorName: string;
  saveTensorName: string;
  restoreOpName: string;
  maxToKeep?: number;
  sharded?: boolean;
  keepCheckpointEveryNHours?: number;
  /** 2 for the bundle of {@link "./bundle.ts"}. */
  version: number;
}
export interface MetaInfoDef {
  metaGraphVersion?: string;
  strippedOpList?: Uint8Array;
  tags: string[];
  tensorflowVersion?: string;
  tensorflowGitVersion?: string;
  strippedDefaultAttrs?: boolean;
  functionAliases?: Record<string, string>;
}
export interface AssetFileDef {
  /** The tensor that is fed with the file's path. */
  tensorInfo: TensorInfo | null;
  /** Its name in `assets/`. */
  filename: string;
}
/** A message in another one. */
export interface Any {
  typeUrl: string;
  value: Uint8Array;
}
export interface MetaGraphDef {
  metaInfoDef: MetaInfoDef | null;
  graphDef: GraphDef | null;
  saverDef: SaverDef | null;
  collectionDef: Record<string, CollectionDef>;
  signatureDef: Record<string, SignatureDef>;
  assetFileDef: AssetFileDef[];
  /** A SavedObjectGraph, as it was; empty if there is none. */
  objectGraphDef?: Uint8Array;
}
/** `saved_model.pb`. */
export interface SavedModel {
  savedModelSchemaVersion: Int64;
  metaGraphs: MetaGraphDef[];
}
/** A variable as the collection `variables` lists it. */
export interface VariableDef {
  variableName: string;
  initializerName: string;
  snapshotName: string;
  isResource: boolean;
  initialValueName: string;
  trainable: boolean;
}

/** The value of the empty key in a bundle's index. */
export interface BundleHeaderProto {
  numShards: number;
  /** 0 for little, 1 for big. */
  endianness: number;
  version: VersionDef | null;
}
/** Where a tensor is in a bundle's data. */
export interface BundleEntryProto {
  dtype: number;
  shape: TensorShapeProto | null;
  shardId: number;
  offset: Int64;
  size: Int64;
  /** Masked. */
  crc32c: number;
  /** Parts of a tensor that was cut; empty if it was not. */
  slices: Uint8Array[];
}

/** Every message that is read or written by itself, by its name in `tensorflow.proto`. */
export interface Messages {
  SavedModel: SavedModel;
  MetaGraphDef: MetaGraphDef;
  GraphDef: GraphDef;
  TensorProto: TensorProto;
  VariableDef: VariableDef;
  Any: Any;
  AssetFileDef: AssetFileDef;
  BundleHeaderProto: BundleHeaderProto;
  BundleEntryProto: BundleEntryProto;
}

let root: protobuf.Root | undefined;

function typeOf(name: keyof Messages): protobuf.Type {
  root ??= protobuf.parse(
    Deno.readTextFileSync(join(import.meta.dirname!, "tensorflow.proto")),
  ).root;
  return root.lookupType(`tensorflow.${name}`);
}

/**
 * Reads a message; fields that `tensorflow.proto` does not have are skipped.
 *
 * @throws {CloudError} `invalid`, if the bytes are no such message.
 */
export function decode<Name extends keyof Messages>(
  name: Name,
  bytes: Uint8Array,
): Messages[Name] {
  const type = typeOf(name);
  try {
    const options = { longs: String, defaults: true, oneofs: true };
    return type.toObject(type.decode(bytes), options) as Messages[Name];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CloudError("invalid", `Cannot read a TensorFlow ${name} as it is damaged: ${why}`);
  }
}

/** The bytes of a message; the same message gives the same bytes. */
export function encode<Name extends keyof Messages>(
  name: Name,
  message: Messages[Name],
): Uint8Array {
  const type = typeOf(name);
  return type.encode(type.fromObject({ ...message })).finish();
}
