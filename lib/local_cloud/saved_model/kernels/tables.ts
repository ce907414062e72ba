/** Tables: made, filled from texts or tensors, asked. */
import { type DType, type Tensor, textOf } from "../tensor.ts";
import { parsed } from "./conversion.ts";
import { scalar } from "./elements.ts";
import { type Entry, HashTable } from "./hash_table.ts";
import {
  intAttr,
  invalid,
  type KernelNode,
  type Operation,
  type Operations,
  tensors,
  textAttr,
  typeAttr,
  unsupported,
  type Value,
} from "./kernel.ts";
import { sharedName } from "./variables.ts";

function made(isMutable: boolean): Operation {
  return {
    outputs: ["table_handle"],
    make(node) {
      const [keys, values] = [typeAttr(node, "key_dtype"), typeAttr(node, "value_dtype")];
      if (keys === undefined || values === undefined) throw unsupported(node, "resources");
      const of = node.environment.kept<HashTable>(
        `table ${sharedName(node)}`,
        () => new HashTable(keys, values, isMutable),
      );
      const value: Value = { dtype: "resource", of };
      return () => [value];
    },
  };
}

function tableOf(value: Value): HashTable {
  if (value?.dtype === "resource" && value.of.kind === "table") return value.of;
  throw invalid("A table is needed here");
}

const find: Operation = {
  make: () => ([handle, ...rest]) => {
    const [keys, otherwise] = tensors(rest);
    return [tableOf(handle).find(keys, otherwise)];
  },
};

const fill: Operation = {
  writes: true,
  make: () => ([handle, ...rest]) => {
    const [keys, values] = tensors(rest);
    tableOf(handle).fill(keys, values);
    return [];
  },
};

const WHOLE_LINE = -2;
const LINE_NUMBER = -1;

/** The lines of a text file, without what TensorFlow leaves out of them. */
function linesOf(node: KernelNode, path: string): string[] {
  const text = textOf(node.environment.readFile(path)).replaceAll("\r", "");
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  const empty = lines.indexOf("");
  if (empty >= 0) throw invalid(`File ${path} has an empty line at position ${empty}`);
  return lines.slice(intAttr(node, "offset", 0));
}

/** What a line has to say as a key or as a value, by the number of its column. */
function entriesOf(lines: string[], dtype: DType, column: number, delimiter: string): Entry[] {
  return lines.map((line, at) => {
    if (column === LINE_NUMBER) return entry(String(at), dtype);
    if (column === WHOLE_LINE) return entry(line, dtype);
    const parts = line.split(delimiter);
    if (column >= parts.length) throw invalid(`Line ${at} of a table has no column ${column}`);
    return entry(parts[column], dtype);
  });
}

function entry(text: string, dtype: DType): Entry {
  const value = parsed(text, dtype);
  if (value === undefined) throw invalid(`'${text}' in a table's file is no ${dtype}`);
  return value;
}

function listOf(entries: Entry[], dtype: DType): Tensor {
  const shape = [entries.length];
  switch (dtype) {
    case "string":
      return { dtype, shape, values: entries as string[] };
    case "int64":
      return { dtype, shape, values: BigInt64Array.from(entries as bigint[]) };
    case "int32":
      return { dtype, shape, values: Int32Array.from(entries as number[]) };
    case "float32":
      return { dtype, shape, values: Float32Array.from(entries as number[]) };
    case "float64":
      return { dtype, shape, values: Float64Array.from(entries as number[]) };
    case "bool":
      throw invalid("A table's file cannot hold truth values");
  }
}

const fillFromFile: Operation = {
  writes: true,
  make(node) {
    const size = intAttr(node, "vocab_size", -1);
    const [key, value] = [intAttr(node, "key_index", 0), intAttr(node, "value_index", 0)];
    const delimiter = textAttr(node, "delimiter", "\t");
    return ([handle, ...rest]) => {
      const [file] = tensors(rest);
      if (file?.dtype !== "string" || file.values.length !== 1) throw invalid("A file is needed");
      const all = linesOf(node, file.values[0]);
      if (size > all.length) {
        throw invalid(`File ${file.values[0]} has ${all.length} lines instead of ${size}`);
      }
      const lines = size < 0 ? all : all.slice(0, size);
      const table = tableOf(handle);
      table.fill(
        listOf(entriesOf(lines, table.keys, key, delimiter), table.keys),
        listOf(entriesOf(lines, table.values, value, delimiter), table.values),
      );
      return [];
    };
  },
};

const size: Operation = {
  make: () => ([handle]) => [scalar("int64", tableOf(handle).entries.size)],
};

/** These operations by TensorFlow's names of them. */
export const TABLES: Operations = {
  HashTable: made(false),
  HashTableV2: made(false),
  AnonymousHashTable: made(false),
  MutableHashTable: made(true),
  MutableHashTableV2: made(true),
  AnonymousMutableHashTable: made(true),
  LookupTableFind: find,
  LookupTableFindV2: find,
  LookupTableSize: size,
  LookupTableSizeV2: size,
  InitializeTable: fill,
  InitializeTableV2: fill,
  LookupTableImport: fill,
  LookupTableImportV2: fill,
  LookupTableInsertV2: fill,
  InitializeTableFromTextFile: fillFromFile,
  InitializeTableFromTextFileV2: fillFromFile,
};
