/**
 * Google's own GoogleSQL analyzer and reference implementation: the process, and the questions it
 * is asked. Everything that knows the package is in this file.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { CloudError, invalidQuery } from "../errors.ts";

/** A message of the analyzer, as its client reads and writes it. */
export type Message = Record<string, unknown>;

type Method =
  | "analyze"
  | "evaluateQuery"
  | "extractTableNamesFromStatement"
  | "getLanguageOptions"
  | "parse";
type Answer = (error: grpc.ServiceError | null, message: Message) => void;
interface Service extends grpc.Client, Record<Method, unknown> {}

const MESSAGE_BYTES = 512 * 1024 * 1024;
const READY_MS = 10_000;
const ENDING_MS = 500;

/** What only a living process says. */
const ANSWERS = new Set([
  grpc.status.INVALID_ARGUMENT,
  grpc.status.OUT_OF_RANGE,
  grpc.status.UNIMPLEMENTED,
]);

/** Where Deno keeps the package; its binary and its message definitions lie beside its code. */
const folder = () => dirname(createRequire(import.meta.url).resolve("@fivetrandevelopers/zetasql"));

function binary(): string {
  const { arch, os } = Deno.build;
  if (os !== "linux" && os !== "darwin") {
    throw new CloudError(
      "backendError",
      `Google's SQL analyzer runs on Linux and macOS, not on ${os}: on Windows use WSL`,
    );
  }
  const arm = arch === "aarch64" ? "_arm" : "";
  return join(folder(), "zetasql", `remote_server${arm}${os === "darwin" ? "" : ".so"}`);
}

/**
 * The shell holds our end of a pipe: when this process ends, in whatever way, the pipe closes and
 * the analyzer, which would outlive its parent, is ended too.
 */
const SUPERVISE = `exec 3<&0
"$@" 3<&- </dev/null >/dev/null 2>&1 &
child=$!
(cat <&3 >/dev/null; kill -9 $child) 2>/dev/null &
wait $child`;

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** One running analyzer process and the client that talks to it. */
class Process {
  #child: Deno.ChildProcess;
  #pipe: WritableStreamDefaultWriter<Uint8Array>;
  #client: Service;
  #ended = false;

  constructor() {
    const port = freePort();
    const args = ["-c", SUPERVISE, "sh", binary(), "localhost", String(port)];
    this.#child = new Deno.Command("sh", {
      args,
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#pipe = this.#child.stdin.getWriter();
    this.#child.status.then(() => this.#end());
    this.#client = connect(port);
  }

  get pid(): number {
    return this.#child.pid;
  }

  async ready(): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      this.#client.waitForReady(Date.now() + READY_MS, (error) => error ? reject(error) : resolve())
    );
  }

  ask(method: Method, request: Message): Promise<Message> {
    const call = this.#client[method] as (request: Message, answer: Answer) => void;
    return new Promise((resolve, reject) =>
      call.call(this.#client, request, (error, message) => error ? reject(error) : resolve(message))
    );
  }

  /** Whether the process is gone, or goes within a moment: its connection breaks first. */
  async ends(): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moment = new Promise<void>((resolve) => timer = setTimeout(resolve, ENDING_MS));
    await Promise.race([this.#child.status, moment]);
    clearTimeout(timer);
    return this.#ended;
  }

  #end() {
    if (this.#ended) return;
    this.#ended = true;
    this.#pipe.close().catch(() => {});
    this.#client.close();
  }

  async close(): Promise<void> {
    this.#end();
    await this.#child.status;
  }
}

function connect(port: number): Service {
  const definition = loadSync("local_service.proto", {
    includeDirs: [join(folder(), "zetasql", "protos")],
    longs: String,
    enums: String,
    oneofs: true,
    arrays: true,
  });
  const { zetasql } = grpc.loadPackageDefinition(definition) as unknown as {
    zetasql: { local_service: { ZetaSqlLocalService: new (...args: unknown[]) => Service } };
  };
  return new zetasql.local_service.ZetaSqlLocalService(
    `localhost:${port}`,
    grpc.credentials.createInsecure(),
    {
      "grpc.max_receive_message_length": MESSAGE_BYTES,
      "grpc.max_send_message_length": MESSAGE_BYTES,
      // Each analyzer has its own port, and its connection must not outlive it.
      "grpc.use_local_subchannel_pool": 1,
    },
  );
}

/** Features of the analyzer that BigQuery has not. */
const NOT_IN_BIGQUERY = [
  /PROTO/,
  /ANONYMIZATION|DIFFERENTIAL_PRIVACY|AGGREGATION_THRESHOLD/,
  /TEST_IDEALLY|EXPERIMENTAL|SPANNER|TIMESTAMP_NANOS|EXTENDED_TYPES/,
  /INLINE_LAMBDA|LAMBDA_ARGS|BARE_ARRAY_ACCESS|NULLIFZERO|PI_FUNCTIONS|CBRT|FIRST_AND_LAST_N/,
  /ARRAY_FIND_FUNCTIONS|ARRAY_AGGREGATION_FUNCTIONS|ARRAY_GREATEST_LEAST|WITH_GROUP_ROWS/,
  /DISALLOW_GROUP_BY_FLOAT|DISALLOW_LEGACY_UNICODE|ALLOW_SLASH_PATHS|KLL_WEIGHTS|UNNEST_AND_FLATTEN/,
  /STRUCT_POSITIONAL|WITH_EXPRESSION|SQL_MACROS|SEQUENCE_ARG|TTL$|RANGE_TYPE|REPLACE_FIELDS|FILTER_FIELDS/,
  /COLLATION|FEATURE_V_1_3_ANNOTATION_FRAMEWORK|CONCAT_MIXED_TYPES|GROUP_BY_ARRAY|ARRAY_ORDERING/,
];

/** Features of BigQuery that the analyzer takes for unfinished. */
const IN_BIGQUERY = [
  "FEATURE_INTERVAL_TYPE",
  "FEATURE_V_1_4_GROUPING_BUILTIN",
  "FEATURE_V_1_4_GROUPING_SETS",
  "FEATURE_V_1_4_REMOTE_MODEL", // CREATE MODEL without a query too
];

/** What BigQuery asks of the analyzer's rewriters, so that the compiler sees plainer trees. */
const REWRITES = [
  "REWRITE_PIVOT",
  "REWRITE_UNPIVOT",
  "REWRITE_TYPEOF_FUNCTION",
  "REWRITE_INLINE_SQL_FUNCTIONS",
  "REWRITE_LIKE_ANY_ALL",
  "REWRITE_BUILTIN_FUNCTION_INLINER",
  "REWRITE_SET_OPERATION_CORRESPONDING",
];

/** The analyzer, kept running: a crash of its process is answered by starting it again, once. */
export class Analyzer {
  #process: Promise<Process> | undefined;
  #closed = false;
  #language: Promise<Message> | undefined;

  /** The shell whose one child is the analyzer's process, started if it is not running. */
  async pid(): Promise<number> {
    return (await this.#running()).pid;
  }

  /** Starts the process ahead of the first question. */
  warmUp(): void {
    this.language().catch(() => {});
  }

  /** BigQuery's dialect, in the analyzer's terms. */
  language(): Promise<Message> {
    this.#language ??= this.#ask("getLanguageOptions", { maximumFeatures: true }).then(dialect);
    return this.#language;
  }

  /** How a statement is to be read: dialect, rewriters, types of its parameters. */
  async options(parameters: Message = {}): Promise<Message> {
    return {
      languageOptions: await this.language(),
      enabledRewrites: REWRITES,
      errorMessageMode: "ERROR_MESSAGE_ONE_LINE",
      parseLocationRecordType: "PARSE_LOCATION_RECORD_FULL_NODE_SCOPE",
      defaultTimezone: "UTC",
      pruneUnusedColumns: true,
      ...parameters,
    };
  }

  /**
   * Asks the process.
   *
   * @throws {CloudError} `invalidQuery` in the analyzer's words, with ` at [line:column]`, if the
   * statement is at fault; `backendError` if the process died twice.
   */
  ask(method: Exclude<Method, "getLanguageOptions">, request: Message): Promise<Message> {
    return this.#ask(method, request);
  }

  async #ask(method: Method, request: Message, retry = true): Promise<Message> {
    const process = await this.#running();
    try {
      return await process.ask(method, request);
    } catch (error) {
      const { code, details } = error as grpc.ServiceError;
      if (!ANSWERS.has(code) && await process.ends() && !this.#closed) {
        this.#process = undefined;
        await process.close();
        if (retry) return this.#ask(method, request, false);
        throw new CloudError("backendError", "Google's SQL analyzer ended twice at this statement");
      }
      throw statementError(code, details);
    }
  }

  #running(): Promise<Process> {
    if (this.#closed) throw new CloudError("backendError", "The SQL engine is closed");
    return this.#process ??= start();
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#process?.catch(() => undefined))?.close();
  }
}

async function start(): Promise<Process> {
  const process = new Process();
  await process.ready();
  return process;
}

function dialect(options: Message): Message {
  const features = options.enabledLanguageFeatures as string[];
  return {
    ...options,
    productMode: "PRODUCT_EXTERNAL",
    supportedStatementKinds: [],
    enabledLanguageFeatures: [
      ...features.filter((name) => !NOT_IN_BIGQUERY.some((r) => r.test(name))),
      ...IN_BIGQUERY,
    ],
  };
}

/** The analyzer writes `… [at 1:8]` where BigQuery writes `… at [1:8]`. */
function statementError(code: number, details: string): CloudError {
  const message = (details ?? "").replace(/ \[at (\d+):(\d+)\]$/, " at [$1:$2]");
  if (code === grpc.status.UNIMPLEMENTED) return new CloudError("notImplemented", message);
  if (/nesting depth exceeded|Out of stack space/.test(message)) {
    return new CloudError(
      "resourcesExceeded",
      "Resources exceeded during query execution: Not enough resources for query planning - too " +
        "many subqueries or query is too complex.",
    );
  }
  if (code === grpc.status.INTERNAL || code === grpc.status.RESOURCE_EXHAUSTED) {
    return new CloudError("internalError", `Google's SQL analyzer failed: ${message}`);
  }
  return invalidQuery(message);
}
