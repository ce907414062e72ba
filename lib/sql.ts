/**
 * Runs the statements of sql/ in a session. A statement is called by its file: `user_clusters/train`
 * is sql/user_clusters/train.sql.
 */
import type { Job, Query } from "@google-cloud/bigquery";
import type { z } from "zod";
import { DATASET, type Session } from "./session.ts";
import { type OptionValue, replaceNames, setOptions } from "./sql_tokens.ts";

/** Settings of a statement. */
export interface StatementOptions {
  /** Values of its query parameters, by name. Whole numbers are INT64, texts STRING. */
  params?: Record<string, string | number>;
  /** Values of its `OPTIONS (…)`, by name; the statement must set each of them already. */
  options?: Record<string, OptionValue>;
}

/**
 * The text of a statement, with the session's names and the options in it.
 *
 * @throws {TypeError} If the name is not that of a statement.
 * @throws {RangeError} If the statement does not set one of the options.
 */
export async function readStatement(
  session: Pick<Session, "dataset" | "names">,
  name: string,
  { options = {} }: StatementOptions = {},
): Promise<string> {
  if (!/^[a-z_]+\/\w+$/.test(name)) {
    throw new TypeError(
      `Cannot read a statement as its name must be folder/file: current value is "${name}"`,
    );
  }
  const text = await Deno.readTextFile(new URL(`../sql/${name}.sql`, import.meta.url));
  const { dataset: to, names } = session;
  return setOptions(replaceNames(text, { from: DATASET, to, names }), options);
}

/** Runs a statement that makes something, to its end. */
export async function runStatement(
  session: Session,
  name: string,
  options: StatementOptions = {},
): Promise<void> {
  await run(session, name, options);
}

/**
 * Runs a statement that gives rows, and checks each of them.
 *
 * @param options Besides the statement's settings the zod schema of its rows.
 * @throws {z.ZodError} If a row is not as its schema says.
 */
export async function queryRows<Row>(
  session: Session,
  name: string,
  options: StatementOptions & { row: z.ZodType<Row> },
): Promise<Row[]> {
  const rows = await run(session, name, options);
  return options.row.array().parse(rows);
}

/** The one row that a statement gives. */
export async function queryRow<Row>(
  session: Session,
  name: string,
  options: StatementOptions & { row: z.ZodType<Row> },
): Promise<Row> {
  const [row] = await queryRows(session, name, options);
  if (row === undefined) {
    throw new RangeError(`Cannot go on as ${name} must give a row: it gave none`);
  }
  return row;
}

/** How many bytes a statement would read, by a dry run; nothing is billed. */
export async function dryRun(
  session: Session,
  name: string,
  options: StatementOptions = {},
): Promise<number> {
  const [job] = await session.bigquery.createQueryJob({
    ...await request(session, name, options),
    dryRun: true,
  });
  return Number(job.metadata.statistics?.totalBytesProcessed ?? 0);
}

async function run(session: Session, name: string, options: StatementOptions): Promise<unknown[]> {
  session.signal?.throwIfAborted();
  const [job] = await session.bigquery.createQueryJob(await request(session, name, options));
  const [rows] = await cancellable(session, job, () => job.getQueryResults());
  return rows;
}

async function request(session: Session, name: string, options: StatementOptions): Promise<Query> {
  return {
    query: await readStatement(session, name, options),
    params: options.params,
    useLegacySql: false,
    labels: { statement: name.replace("/", "__").toLowerCase() },
  };
}

/** Waits for a job, and cancels it if the session's signal aborts meanwhile. */
export async function cancellable<T>(
  { signal }: Pick<Session, "signal">,
  job: Job,
  work: () => Promise<T>,
): Promise<T> {
  // An answer to the cancellation is not needed: the job's own answer says how it ended.
  const cancel = () => void job.cancel().catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}
