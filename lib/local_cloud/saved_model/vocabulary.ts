/** Texts to numbers, inside a graph. */
import { attr, type GraphBuilder, type Output } from "./graph_builder.ts";

/** Texts to be looked up. */
export interface Vocabulary {
  /** Each once; a text's number is its position. */
  keys: readonly string[];
  /** The file in `assets/` that holds them, one a line. */
  asset: string;
}

/** Whether TensorFlow reads a text as a line: it refuses empty ones, and drops `\r`. */
const isLine = (text: string) => text !== "" && !/[\r\n]/.test(text);

/**
 * The numbers of texts as int64; of a text that is not there the number is that of keys.
 *
 * The keys are in a text file, as BigQuery exports them. Where one of them cannot be a line, they
 * are a constant of the graph instead.
 *
 * @param scope What the names of its nodes begin with.
 */
export function lookUp(
  graph: GraphBuilder,
  input: Output,
  { keys, asset, scope }: Vocabulary & { scope: string },
): Output {
  const types = { key_dtype: attr.type("string"), value_dtype: attr.type("int64") };
  const table = graph.add("HashTableV2", `${scope}/table`, [], {
    ...types,
    shared_name: attr.text(`${scope}/table`),
  });
  const filled = keys.every(isLine)
    ? fillFromFile(graph, table, { keys, asset, scope })
    : fillFromConstants(graph, table, { keys, scope });
  graph.initializers.push(filled);
  const none = graph.int64(`${scope}/none`, keys.length);
  const dtypes = { Tin: attr.type("string"), Tout: attr.type("int64") };
  return graph.add("LookupTableFindV2", `${scope}/find`, [table, input, none], dtypes);
}

const WHOLE_LINE = -2;
const LINE_NUMBER = -1;

function fillFromFile(
  graph: GraphBuilder,
  table: Output,
  { keys, asset, scope }: Vocabulary & { scope: string },
): string {
  const node = graph.constant(`${scope}/asset`, { dtype: "string", shape: [], values: [asset] });
  const contents = new TextEncoder().encode(keys.map((key) => `${key}\n`).join(""));
  graph.assets.set(asset, { node, contents });
  return graph.add("InitializeTableFromTextFileV2", `${scope}/fill`, [table, node], {
    vocab_size: attr.int(keys.length),
    key_index: attr.int(WHOLE_LINE),
    value_index: attr.int(LINE_NUMBER),
    delimiter: attr.text("\t"),
  });
}

function fillFromConstants(
  graph: GraphBuilder,
  table: Output,
  { keys, scope }: { keys: readonly string[]; scope: string },
): string {
  const shape = [keys.length];
  const texts = graph.constant(`${scope}/keys`, { dtype: "string", shape, values: keys });
  const numbers = graph.int64(`${scope}/numbers`, keys.map((_, number) => number));
  const dtypes = { Tin: attr.type("string"), Tout: attr.type("int64") };
  return graph.add("LookupTableImportV2", `${scope}/fill`, [table, texts, numbers], dtypes);
}
