/**
 * Variables of a SavedModel: `variables.index` says where each is, `variables.data-…` has the
 * values.
 *
 * @see https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/util/tensor_bundle/tensor_bundle.h
 */
import { CloudError } from "../errors.ts";
import { crc32c } from "../object_store/crc32c.ts";
import { type BundleEntryProto, type BundleHeaderProto, decode, encode } from "./messages.ts";
import {
  ByteReader,
  ByteWriter,
  compareKeys,
  maskedCrc32c,
  readSortedTable,
  writeSortedTable,
} from "./sorted_table.ts";
import {
  dataTypeOf,
  dtypeOf,
  shapeOf,
  shapeProto,
  sizeOf,
  type Tensor,
  tensorBytes,
  tensorFromBytes,
  textOf,
} from "./tensor.ts";

/** Where a SavedModel has its bundle. */
export const VARIABLES = "variables/variables";

/** The tensors of a bundle. */
export interface Bundle {
  /** In bytewise order. */
  names: readonly string[];
  /**
   * Reads one tensor and checks its checksum.
   *
   * @throws {CloudError} `invalid`: not in the bundle, damaged, or of a type not supported.
   */
  tensor(name: string): Tensor;
}

const invalid = (message: string) => new CloudError("invalid", message);

const shardFile = (prefix: string, shard: number, shards: number) =>
  `${prefix}.data-${String(shard).padStart(5, "0")}-of-${String(shards).padStart(5, "0")}`;

/**
 * Opens a bundle; its tensors are read when they are asked for.
 *
 * @param files By path.
 * @param prefix What the paths of its files begin with. Default {@link VARIABLES}.
 * @throws {CloudError} `invalid`: not there or damaged.
 */
export function openBundle(
  files: ReadonlyMap<string, Uint8Array>,
  prefix: string = VARIABLES,
): Bundle {
  const index = files.get(`${prefix}.index`);
  if (index === undefined) throw invalid(`The SavedModel has no file ${prefix}.index`);
  const [header, ...rest] = readSortedTable(index);
  if (header === undefined || header[0].length > 0) throw invalid("The variables have no header");
  const { numShards, endianness } = decode("BundleHeaderProto", header[1]);
  if (endianness !== 0) throw invalid("Variables in big-endian bytes are not supported");
  const entries = new Map(rest.map(([key, value]) => [textOf(key), value]));
  return {
    names: [...entries.keys()],
    tensor(name) {
      const value = entries.get(name);
      if (value === undefined) throw invalid(`The SavedModel has no values of variable ${name}`);
      const entry = decode("BundleEntryProto", value);
      const shard = shardFile(prefix, entry.shardId, numShards);
      const data = files.get(shard);
      if (data === undefined) throw invalid(`The SavedModel has no file ${shard}`);
      return readTensor(name, entry, data);
    },
  };
}

function readTensor(name: string, entry: BundleEntryProto, data: Uint8Array): Tensor {
  if (entry.slices.length > 0) {
    throw invalid(`Variable ${name} is cut into slices, which is not supported`);
  }
  const dtype = dtypeOf(entry.dtype);
  const shape = shapeOf(entry.shape);
  if (shape === undefined || shape.includes(-1)) {
    throw invalid(`Variable ${name} has no known shape`);
  }
  const start = Number(entry.offset);
  const end = start + Number(entry.size);
  if (end > data.length) throw invalid(`The values of variable ${name} end too early`);
  const bytes = data.subarray(start, end);
  if (dtype === "string") return { dtype, shape, values: readStrings(name, entry, shape, bytes) };
  if (maskedCrc32c(crc32c(bytes)) !== entry.crc32c) throw wrongChecksum(name);
  return tensorFromBytes(dtype, shape, bytes);
}

const wrongChecksum = (name: string) =>
  invalid(`The values of variable ${name} are damaged: their checksum is wrong`);

/** Lengths, a checksum of them, and all strings one after the other. */
function readStrings(
  name: string,
  { crc32c: expected }: BundleEntryProto,
  shape: number[],
  bytes: Uint8Array,
): string[] {
  const size = sizeOf(shape);
  if (size > bytes.length) throw invalid(`The values of variable ${name} end too early`);
  const reader = new ByteReader(bytes);
  const lengths = Array.from({ length: size }, () => reader.varint());
  const crc = lengthsCrc32c(lengths);
  const stored = reader.position;
  if (reader.uint32() !== maskedCrc32c(crc)) throw wrongChecksum(name);
  if (maskedCrc32c(crc32c(bytes.subarray(stored), crc)) !== expected) throw wrongChecksum(name);
  return lengths.map((length) => textOf(reader.take(length)));
}

/** The checksum that the lengths of strings begin with: of each as four bytes, or eight if long. */
function lengthsCrc32c(lengths: number[]): number {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  return lengths.reduce((crc, length) => {
    const isLong = length >= 2 ** 32;
    view.setBigUint64(0, BigInt(length), true);
    return crc32c(isLong ? bytes : bytes.subarray(0, 4), crc);
  }, 0);
}

/**
 * Writes tensors as a bundle of one shard; the same tensors give the same bytes.
 *
 * @param prefix What the paths of its files begin with. Default {@link VARIABLES}.
 * @returns its two files by path.
 */
export function writeBundle(
  tensors: ReadonlyMap<string, Tensor>,
  prefix: string = VARIABLES,
): Map<string, Uint8Array> {
  const text = new TextEncoder();
  const named = [...tensors].map(([name, tensor]) => ({ key: text.encode(name), tensor }))
    .sort((a, b) => compareKeys(a.key, b.key));
  const contents = named.map(({ tensor }) => contentOf(tensor));
  const header: BundleHeaderProto = { numShards: 1, endianness: 0, version: { producer: 1 } };
  let offset = 0;
  const entries = named.map(({ key, tensor }, i) => {
    const { bytes, crc } = contents[i];
    const entry: BundleEntryProto = {
      dtype: dataTypeOf(tensor.dtype),
      shape: shapeProto(tensor.shape),
      shardId: 0,
      offset,
      size: bytes.length,
      crc32c: maskedCrc32c(crc),
      slices: [],
    };
    offset += bytes.length;
    return [key, encode("BundleEntryProto", entry)] as const;
  });
  const data = new Uint8Array(offset);
  let at = 0;
  for (const { bytes } of contents) {
    data.set(bytes, at);
    at += bytes.length;
  }
  const first = [new Uint8Array(), encode("BundleHeaderProto", header)] as const;
  return new Map([
    [`${prefix}.index`, writeSortedTable([first, ...entries])],
    [shardFile(prefix, 0, 1), data],
  ]);
}

/** A tensor's bytes in the data, and the checksum of them. */
function contentOf(tensor: Tensor): { bytes: Uint8Array; crc: number } {
  if (tensor.dtype !== "string") {
    const bytes = tensorBytes(tensor);
    return { bytes, crc: crc32c(bytes) };
  }
  const text = new TextEncoder();
  const strings = tensor.values.map((value) => text.encode(value));
  const lengths = strings.map(({ length }) => length);
  const out = new ByteWriter();
  for (const length of lengths) out.varint(length);
  const stored = out.length;
  const crc = lengthsCrc32c(lengths);
  out.uint32(maskedCrc32c(crc));
  for (const bytes of strings) out.append(bytes);
  return { bytes: out.written(), crc: crc32c(out.written().subarray(stored), crc) };
}
