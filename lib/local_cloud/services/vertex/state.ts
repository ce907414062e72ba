/** Models, endpoints and operations: in memory to be asked, in a journal to last. */
import { join } from "node:path";
import { Journal } from "../../object_store/journal.ts";
import type { EndpointRecord, ModelRecord, OperationRecord } from "./records.ts";

/** Something that becomes true. Several of one line become true together. */
export type Change =
  | { model: ModelRecord }
  | { dropModel: string }
  | { endpoint: EndpointRecord }
  | { dropEndpoint: string }
  | { operation: OperationRecord }
  | { dropOperation: string };

/** One line of the journal. */
interface Line {
  /** How many ids were given away. */
  ids: number;
  changes: Change[];
}

/** Older operations that are done are forgotten when the state is opened. */
const OPERATIONS_KEPT = 1000;
const ABORTED = 10;

/** The last segment of a resource's name. */
export const idOf = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** The state. One process at a time may have a folder open. */
export class VertexState {
  readonly models = new Map<string, ModelRecord>();
  readonly endpoints = new Map<string, EndpointRecord>();
  /** By id, oldest first. */
  readonly operations = new Map<string, OperationRecord>();
  #journal!: Journal<Line>;
  #ids = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #writing: Promise<unknown> = Promise.resolve();

  private constructor() {}

  /**
   * Opens the state in a folder, which is made where it is missing. Operations that a crash or a
   * stop cut short are done from then on, as failed ones.
   */
  static async open(folder: string): Promise<VertexState> {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const state = new VertexState();
    let lines = 0;
    state.#journal = await Journal.open<Line>(join(folder, "state.jsonl"), (line) => {
      lines++;
      state.#ids = Math.max(state.#ids, line.ids);
      for (const change of line.changes) state.#remember(change);
    });
    const interrupted = state.#endOperations();
    if (lines > 1 || interrupted) await state.#journal.rewrite([state.#whole()]);
    return state;
  }

  /** An id that nothing had before: digits, as Vertex AI's are, and never the same in one folder. */
  nextId(): string {
    this.#ids++;
    // An odd factor: different numbers stay different, and look nothing like 1, 2, 3.
    return String(BigInt.asUintN(63, BigInt(this.#ids) * 0x9e3779b97f4a7c15n));
  }

  /** Runs `work` when all work before it is done: nothing changes between its check and its change. */
  inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Makes changes, all or none of them; they are durable once this resolves. */
  apply(...changes: Change[]): Promise<void> {
    const written = this.#writing.then(async () => {
      await this.#journal.append({ ids: this.#ids, changes });
      for (const change of changes) this.#remember(change);
    });
    this.#writing = written.catch(() => {});
    return written;
  }

  /** Waits for the work under way and closes the journal. */
  async close(): Promise<void> {
    await this.inTurn(() => {});
    await this.#writing;
    this.#journal.close();
  }

  #remember(change: Change): void {
    if ("model" in change) this.models.set(change.model.name, change.model);
    else if ("dropModel" in change) this.models.delete(change.dropModel);
    else if ("endpoint" in change) this.endpoints.set(change.endpoint.name, change.endpoint);
    else if ("dropEndpoint" in change) this.endpoints.delete(change.dropEndpoint);
    else if ("operation" in change) {
      this.operations.set(idOf(change.operation.name), change.operation);
    } else this.operations.delete(idOf(change.dropOperation));
  }

  #endOperations(): boolean {
    const done = [...this.operations].filter(([, operation]) => operation.done);
    for (const [id] of done.slice(0, -OPERATIONS_KEPT)) this.operations.delete(id);
    const updated = new Date().toISOString();
    const message = "The operation was cut short as the local cloud ended: begin it again";
    let interrupted = false;
    for (const [id, operation] of this.operations) {
      if (operation.done) continue;
      interrupted = true;
      const error = { code: ABORTED, message };
      this.operations.set(id, { ...operation, updated, done: true, error });
    }
    return interrupted;
  }

  #whole(): Line {
    const changes: Change[] = [
      ...[...this.models.values()].map((model) => ({ model })),
      ...[...this.endpoints.values()].map((endpoint) => ({ endpoint })),
      ...[...this.operations.values()].map((operation) => ({ operation })),
    ];
    return { ids: this.#ids, changes };
  }
}
