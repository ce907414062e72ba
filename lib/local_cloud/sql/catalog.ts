/**
 * The catalog sent along with a statement: of the warehouse just what the statement names, in the
 * analyzer's terms.
 */
import { CloudError, notFound } from "../errors.ts";
import type { DuckDBConnection } from "@duckdb/node-api";
import type {
  Catalogue,
  DatasetRef,
  ModelEntry,
  RoutineEntry,
  TableEntry,
  TableRef,
} from "../warehouse/catalogue.ts";
import type { ServingModel } from "../saved_model/mod.ts";
import type { Field } from "../warehouse/types.ts";
import type { Analyzer, Message } from "./analyzer.ts";
import { refuseMany } from "./many_tables.ts";
import { isWord, matching, readPath, type Token, tokenize } from "./tokens.ts";
import { wireType } from "./values.ts";

/** Whose names a statement's paths complete. */
export interface Scope {
  projectId: string;
  location: string;
  defaultDataset?: DatasetRef;
}

/** A call of an ML function, found in the statement's text. */
export interface MlCall {
  /** `PREDICT`, `CENTROIDS`, … in capitals. */
  name: string;
  /** The name under which the analyzer knows this call: its columns depend on its model. */
  alias: string;
  model: ModelEntry;
  /** An imported model: it stays loaded as long as the statement runs. */
  loaded?: ServingModel;
  argumentCount: number;
  /** Characters of the function's name, and of `MODEL path`. */
  nameRange: [number, number];
  modelRange: [number, number];
  /** `line:column` of the function's name in the text as it was written, once that is known. */
  place?: string;
}

/** What a statement's names stand for. */
export interface Names {
  tables: TableEntry[];
  /** The paths under which the statement names each table. */
  tablePaths: string[][];
  routines: { path: string[]; entry: RoutineEntry }[];
  mlCalls: MlCall[];
}

/** One, two or three parts to a dataset and a name in it. */
export function completePath(parts: string[], scope: Scope, what: string): [DatasetRef, string] {
  if (parts.length === 1) {
    if (scope.defaultDataset !== undefined) return [scope.defaultDataset, parts[0]];
    throw new CloudError(
      "invalid",
      `${what} "${parts[0]}" must be qualified with a dataset (e.g. dataset.table).`,
    );
  }
  const [datasetId, id] = parts.slice(-2);
  const projectId = parts.length > 2 ? parts.slice(0, -2).join(".") : scope.projectId;
  return [{ projectId, datasetId }, id];
}

/** `project:dataset.name`, as messages write it. */
export const shown = ({ projectId, datasetId }: DatasetRef, id: string) =>
  `${projectId}:${datasetId}.${id}`;

/** Finds what the statement's names stand for; the bodies of its functions are read likewise. */
export class NameReader {
  #names: Names = { tables: [], tablePaths: [], routines: [], mlCalls: [] };

  constructor(
    private analyzer: Analyzer,
    private catalogue: Catalogue,
    private connection: DuckDBConnection,
    private scope: Scope,
  ) {}

  /**
   * @param sql A statement whose quoted paths were taken apart.
   * @throws {CloudError} `notFound` for a table, a model or a dataset that does not exist.
   */
  async read(sql: string): Promise<Names> {
    const tokens = tokenize(sql);
    await this.#readTables(sql);
    await this.#readRoutines(tokens);
    await this.#readMlCalls(tokens);
    return this.#names;
  }

  async #readTables(sql: string): Promise<void> {
    const answer = await this.analyzer.ask("extractTableNamesFromStatement", {
      sqlStatement: sql,
      options: await this.analyzer.language(),
    });
    for (const { tableNameSegment } of answer.tableName as { tableNameSegment: string[] }[]) {
      if (this.#names.tablePaths.some((path) => same(path, tableNameSegment))) continue;
      await this.#addTable(tableNameSegment);
    }
  }

  async #addTable(path: string[]): Promise<void> {
    refuseMany(path);
    const [dataset, tableId] = completePath(path, this.scope, "Table");
    const ref: TableRef = { ...dataset, tableId };
    const entry = await this.catalogue.table(this.connection, ref);
    if (entry === undefined) throw await this.#missing("Table", dataset, tableId);
    const clash = this.#names.tablePaths.find((other) =>
      !same(other, path) && other.join(".").toLowerCase() === path.join(".").toLowerCase()
    );
    if (clash !== undefined) {
      throw new CloudError(
        "notImplemented",
        `Tables ${clash.join(".")} and ${
          path.join(".")
        }, whose names differ in case only, are not supported in one statement`,
      );
    }
    this.#names.tables.push(entry);
    this.#names.tablePaths.push(path);
  }

  /** A missing table or model: the message names the dataset where that is missing too. */
  async #missing(what: string, dataset: DatasetRef, id: string): Promise<CloudError> {
    const { projectId, datasetId } = dataset;
    const found = await this.catalogue.dataset(this.connection, dataset);
    const named = found === undefined
      ? `Dataset ${projectId}:${datasetId}`
      : `${what} ${shown(dataset, id)}`;
    return notFound(`${named} was not found in location ${this.scope.location}`);
  }

  async #readRoutines(tokens: Token[]): Promise<void> {
    for (let at = 0; at < tokens.length; at++) {
      if (isWord(tokens[at - 1], ".")) continue;
      const path = readPath(tokens, at);
      if (path === undefined || path.parts.length < 2 || !isWord(tokens[path.next], "(")) continue;
      await this.#addRoutine(path.parts);
    }
  }

  async #addRoutine(path: string[]): Promise<void> {
    if (this.#names.routines.some((routine) => same(routine.path, path))) return;
    const [dataset, routineId] = completePath(path, this.scope, "Routine");
    const entry = await this.catalogue.routine(this.connection, { ...dataset, routineId });
    if (entry === undefined) return; // SAFE.f, NET.f, ML.f, or the analyzer's own message
    this.#names.routines.push({ path, entry });
    const body = `SELECT ${entry.resource.definitionBody}`;
    await this.#readTables(body);
    await this.#readRoutines(tokenize(body));
  }

  async #readMlCalls(tokens: Token[]): Promise<void> {
    for (let at = 0; at + 5 < tokens.length; at++) {
      const [ml, dot, name, open, model] = tokens.slice(at, at + 5);
      const isCall = isWord(ml, "ML") && isWord(dot, ".") && name.kind === "name" &&
        isWord(open, "(") && isWord(model, "MODEL");
      if (!isCall) continue;
      const path = readPath(tokens, at + 5);
      const brackets = matching(tokens, at + 3);
      if (path === undefined || brackets === undefined) continue;
      this.#names.mlCalls.push({
        name: name.text.toUpperCase(),
        alias: `${name.text.toUpperCase()} ${this.#names.mlCalls.length}`,
        model: await this.#model(path.parts),
        argumentCount: brackets.commas.length + 1,
        nameRange: [name.start, name.end],
        modelRange: [model.start, tokens[path.next - 1].end],
      });
    }
  }

  async #model(path: string[]): Promise<ModelEntry> {
    const [dataset, modelId] = completePath(path, this.scope, "Model");
    const entry = await this.catalogue.model(this.connection, { ...dataset, modelId });
    if (entry === undefined) throw await this.#missing("Model", dataset, modelId);
    return entry;
  }
}

const same = (a: string[], b: string[]) =>
  a.length === b.length && a.every((part, i) => part === b[i]);

/** The output columns of an ML call, or a GoogleSQL body over `input` that yields them. */
export type MlSchema = Field[] | { body: string };

interface CatalogNode {
  table: Message[];
  customFunction: Message[];
  customTvf: Message[];
  catalog: Map<string, CatalogNode>;
}

const emptyNode = (): CatalogNode => (
  { table: [], customFunction: [], customTvf: [], catalog: new Map() }
);

function at(root: CatalogNode, path: string[]): CatalogNode {
  let node = root;
  for (const part of path) {
    const key = part.toLowerCase();
    if (!node.catalog.has(key)) node.catalog.set(key, emptyNode());
    node = node.catalog.get(key)!;
  }
  return node;
}

/** Each table's `serializationId` is its index in `names.tables`. A dataset may be called ml too. */
export function catalogMessage(names: Names, ml: MlSchema[], language: Message): Message {
  const root = emptyNode();
  names.tables.forEach((entry, serializationId) => {
    const path = names.tablePaths[serializationId];
    const column = entry.columns.map(({ name, type }) => ({ name, type: wireType(type) }));
    const name = path[path.length - 1];
    at(root, path.slice(0, -1)).table.push({ name, serializationId, column });
  });
  for (const { path, entry } of names.routines) {
    at(root, path.slice(0, -1)).customFunction.push(functionMessage(path, entry));
  }
  at(root, ["ML"]).customTvf = names.mlCalls.map((call, i) => tableFunctionMessage(call, ml[i]));
  return { ...nodeMessage("root", root), builtinFunctionOptions: { languageOptions: language } };
}

function nodeMessage(name: string, node: CatalogNode): Message {
  const catalog = [...node.catalog].map(([name, child]) => nodeMessage(name, child));
  return { ...node, name, catalog };
}

const REQUIRED = { options: { cardinality: "REQUIRED" }, numOccurrences: 1 };

/** A SQL function is a template: its body is resolved anew where it is called. */
function functionMessage(path: string[], { resource }: RoutineEntry): Message {
  const argument = resource.arguments.map(({ type }) =>
    type === undefined
      ? { kind: "ARG_TYPE_ARBITRARY", ...REQUIRED }
      : { kind: "ARG_TYPE_FIXED", type: wireType(type), ...REQUIRED }
  );
  const body = resource.returnType === undefined
    ? resource.definitionBody
    : `CAST((${resource.definitionBody}) AS ${resource.returnTypeName})`;
  return {
    namePath: [path[path.length - 1]],
    group: "Templated_SQL_Function",
    mode: "SCALAR",
    signature: [{ argument, returnType: { kind: "ARG_TYPE_ARBITRARY", numOccurrences: 1 } }],
    parseResumeLocation: { input: body, bytePosition: 0, allowResume: false },
    templatedSqlFunctionArgumentName: resource.arguments.map(({ name }) => name),
  };
}

/** The first argument is the model's name as a string, the others are what the call gives. */
function tableFunctionMessage(call: MlCall, schema: MlSchema): Message {
  const model = { kind: "ARG_TYPE_FIXED", type: { typeKind: "TYPE_STRING" }, ...REQUIRED };
  const others = Array.from({ length: call.argumentCount - 1 }, (_, i) => ({
    kind: isRelation(call, i) ? "ARG_TYPE_RELATION" : "ARG_TYPE_ARBITRARY",
    options: { cardinality: "REQUIRED", extraRelationInputColumnsAllowed: true },
    numOccurrences: 1,
  }));
  const argument = [model, ...others];
  const argumentName = [
    "model",
    ...others.map((_, i) => isRelation(call, i) ? "input" : "options"),
  ];
  if (!Array.isArray(schema)) {
    return {
      namePath: [call.alias],
      type: "TEMPLATED_SQL_TVF",
      signature: { argument, returnType: { kind: "ARG_TYPE_RELATION", numOccurrences: 1 } },
      argumentName,
      parseResumeLocation: { input: schema.body, bytePosition: 0, allowResume: false },
    };
  }
  const column = schema.map(({ name, type }) => ({ name, type: wireType(type) }));
  const returnType = {
    kind: "ARG_TYPE_RELATION",
    numOccurrences: 1,
    options: { relationInputSchema: { column } },
  };
  return {
    namePath: [call.alias],
    type: "FIXED_OUTPUT_SCHEMA_TVF",
    signature: { argument, returnType },
    argumentName,
  };
}

/** ML.DETECT_ANOMALIES takes its options before its input; the others the other way round. */
function isRelation({ name, argumentCount }: MlCall, position: number): boolean {
  if (WITHOUT_INPUT.has(name)) return false;
  return name === "DETECT_ANOMALIES" ? position === argumentCount - 2 : position === 0;
}

const WITHOUT_INPUT = new Set([
  "CENTROIDS",
  "FEATURE_INFO",
  "TRAINING_INFO",
  "WEIGHTS",
  "TRIAL_INFO",
]);
