/** Long-running operations: begun by a call, asked for until they are done. */
import { CloudError } from "../../errors.ts";
import type { Query } from "../input.ts";
import { failedPrecondition, notThere, operationError } from "./errors.ts";
import { listPage, type Resource } from "./listing.ts";
import type { OperationRecord } from "./records.ts";
import { type Change, idOf, type VertexState } from "./state.ts";

const TYPES = "type.googleapis.com/";
const LONGEST_WAIT_MS = 60_000;

/** What an operation comes to: changes that become true with it, and its response. */
export interface Outcome {
  changes: Change[];
  /** Name of the response's type and its fields; `google.protobuf.Empty` where left out. */
  response?: { type: string; fields: Resource };
}

/** How to begin an operation. */
export interface Beginning {
  /** The resource that the operation's name begins with. */
  resource: string;
  /** Version of the API: `v1` or `v1beta1`. */
  version: string;
  /** Name of the metadata's type: `UploadModelOperationMetadata`. */
  metadataType: string;
}

/** An operation as REST answers with it. */
function operationResource(record: OperationRecord): Resource {
  const { name, version, metadataType, created, updated, done, error, response } = record;
  return {
    name,
    metadata: {
      "@type": `${TYPES}google.cloud.aiplatform.${version}.${metadataType}`,
      genericMetadata: { createTime: created, updateTime: updated },
    },
    ...(done && { done, ...(error ? { error } : { response }) }),
  };
}

const withType = ({ version }: OperationRecord, response: Outcome["response"]) =>
  response === undefined ? { "@type": `${TYPES}google.protobuf.Empty` } : {
    "@type": `${TYPES}google.cloud.aiplatform.${version}.${response.type}`,
    ...response.fields,
  };

/** The operations of a state. */
export class Operations {
  /** Resolved when the operation is done; by id, for those that are not. */
  #running = new Map<string, { done: Promise<void>; cancelled: boolean; begun: boolean }>();

  constructor(private readonly state: VertexState) {}

  /** How many operations are not done. */
  get running(): number {
    return this.#running.size;
  }

  /**
   * Begins an operation and answers with it while it is not done. Operations run one after another.
   *
   * @param work Called when it is its turn; what it throws becomes the operation's error.
   */
  async begin(
    { resource, version, metadataType }: Beginning,
    work: () => Outcome | Promise<Outcome>,
  ): Promise<Resource> {
    const created = new Date().toISOString();
    const name = `${resource}/operations/${this.state.nextId()}`;
    const times = { created, updated: created };
    const record: OperationRecord = { name, version, metadataType, ...times, done: false };
    await this.state.apply({ operation: record });
    this.#run(record, work);
    return operationResource(record);
  }

  #run(record: OperationRecord, work: () => Outcome | Promise<Outcome>): void {
    const id = idOf(record.name);
    const running = { done: Promise.resolve(), cancelled: false, begun: false };
    this.#running.set(id, running);
    running.done = this.state.inTurn(async () => {
      // Whoever began it is answered first.
      await new Promise((resolve) => setTimeout(resolve));
      const done = (result: Partial<OperationRecord>) => ({
        operation: { ...record, ...result, updated: new Date().toISOString(), done: true },
      });
      try {
        if (running.cancelled) throw new CloudError("stopped", "The operation was cancelled");
        running.begun = true;
        const { changes, response } = await work();
        await this.state.apply(...changes, done({ response: withType(record, response) }));
      } catch (error) {
        await this.state.apply(done({ error: operationError(error) }));
      }
    }).catch((error) => console.error("Cannot end an operation of the local cloud:", error))
      .finally(() => this.#running.delete(id));
  }

  /** @throws {CloudError} `notFound`. */
  get(parent: string, id: string): Resource {
    return operationResource(this.#find(parent, id));
  }

  /** The operations on a resource or on whatever is in a location, newest first. */
  list(parent: string, query: Query): Resource {
    const found = [...this.state.operations.values()].reverse()
      .filter(({ name }) => name.startsWith(`${parent}/`));
    const { page, nextPageToken } = listPage(found.map(operationResource), query, "operation");
    return { operations: page, ...(nextPageToken && { nextPageToken }) };
  }

  /**
   * The operation when it is done, or as it is after a while.
   *
   * @param timeout Seconds as REST writes them: `10s`. At most a minute, which is the default too.
   */
  async wait(parent: string, id: string, timeout?: string): Promise<Resource> {
    this.#find(parent, id);
    const asked = /^(\d+(?:\.\d+)?)s$/.exec(timeout ?? "")?.[1];
    const ms = Math.min(asked === undefined ? Infinity : Number(asked) * 1000, LONGEST_WAIT_MS);
    const enough = Promise.withResolvers<void>();
    const timer = setTimeout(enough.resolve, ms);
    await Promise.race([this.#running.get(id)?.done, enough.promise]);
    clearTimeout(timer);
    return this.get(parent, id);
  }

  /** Cancels an operation that has not begun its work; another one goes on. */
  cancel(parent: string, id: string): Resource {
    this.#find(parent, id);
    const running = this.#running.get(id);
    if (running) running.cancelled = true;
    return {};
  }

  /** Forgets an operation that is done. */
  async delete(parent: string, id: string): Promise<Resource> {
    const { name, done } = this.#find(parent, id);
    if (!done) throw failedPrecondition(`The operation ${name} is not done: wait for it`);
    await this.state.apply({ dropOperation: name });
    return {};
  }

  #find(parent: string, id: string): OperationRecord {
    const record = this.state.operations.get(id);
    if (record?.name.startsWith(`${parent}/`)) return record;
    throw notThere("Operation", `${parent}/operations/${id}`);
  }
}
