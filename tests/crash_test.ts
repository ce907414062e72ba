/**
 * The local cloud, killed with `kill -9` while it loads and trains: what was acknowledged is there
 * after the next start, and nothing is half there. `KILLS=20` kills more often than the four times
 * of the ordinary run.
 */
import { BigQuery } from "@google-cloud/bigquery";
import { Storage } from "@google-cloud/storage";
import { assert, assertEquals } from "@std/assert";
import { PassThroughClient } from "google-auth-library";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { start, stop } from "../lib/local_cloud/mod.ts";

const KILLS = Number(Deno.env.get("KILLS") ?? 4);
const ROWS = 2000;
const CLUSTERS = 3;
const LONGEST_MS = 2500;

interface Clients {
  bigquery: BigQuery;
  storage: Storage;
  pid: number;
}

async function open(dataFolder: string): Promise<Clients> {
  const { url: apiEndpoint, pid } = await start({ dataFolder, port: 0, idleSeconds: 120 });
  const options = { projectId: "p", apiEndpoint, useAuthWithCustomEndpoint: true };
  const authClient = new PassThroughClient();
  const retryOptions = { autoRetry: false };
  return {
    bigquery: new BigQuery({ ...options, authClient, autoRetry: false, maxRetries: 0 }),
    storage: new Storage({ ...options, authClient, retryOptions }),
    pid,
  };
}

/** What the server said is done: the round in which it last said so, 0 for never. */
interface Acknowledged {
  table: number;
  load: number;
  model: number;
}

/** One round of work; each answer is noted as soon as it is there. */
async function work({ bigquery, storage }: Clients, round: number, done: Acknowledged) {
  await bigquery.query(`CREATE OR REPLACE TABLE d.made AS
    SELECT ${round} AS round, x FROM UNNEST(GENERATE_ARRAY(1, ${ROWS})) AS x`);
  done.table = round;

  const lines = Array.from({ length: ROWS }, (_, x) => JSON.stringify({ round, x }));
  const file = storage.bucket("crash").file(`rows ${round}.json`);
  await file.save(lines.join("\n"), { resumable: false });
  await bigquery.dataset("d").table("loaded").load(file, {
    sourceFormat: "NEWLINE_DELIMITED_JSON",
    schema: { fields: [{ name: "round", type: "INTEGER" }, { name: "x", type: "INTEGER" }] },
    writeDisposition: "WRITE_TRUNCATE",
  });
  done.load = round;

  await bigquery.query(`CREATE OR REPLACE MODEL d.model
    OPTIONS(model_type = 'kmeans', num_clusters = ${CLUSTERS}, max_iterations = 40) AS
    SELECT ${round} AS round, MOD(x, 7) AS a, MOD(x * x, 11) AS b, IF(x > 99, 'p', 'q') AS c
    FROM UNNEST(GENERATE_ARRAY(1, ${ROWS})) AS x`);
  done.model = round;
}

/** Works on until the server is gone. */
async function workUntilKilled(clients: Clients, from: number, done: Acknowledged) {
  for (let round = from;; round++) {
    try {
      await work(clients, round, done);
    } catch (error) {
      if (isGone(error)) return round;
      throw error;
    }
  }
}

const isGone = (error: unknown) =>
  /ECONNREFUSED|ECONNRESET|socket hang up|EPIPE|fetch failed|network|connection|Premature close/i
    .test(`${error} ${(error as { code?: string }).code ?? ""}`);

/** What is there must be of the round acknowledged last, or whole and of the one under way. */
async function check({ bigquery }: Clients, underWay: number, done: Acknowledged) {
  const ask = async (query: string) => (await bigquery.query(query))[0];
  for (const [table, key] of [["made", "table"], ["loaded", "load"]] as const) {
    const last = done[key];
    if (last === 0) continue;
    const rows = await ask(`SELECT round, COUNT(*) AS n, COUNT(DISTINCT x) AS x FROM d.${table}
      GROUP BY round`);
    assertEquals(rows.map(({ n, x }) => [n, x]), [[ROWS, ROWS]], `d.${table} is not whole`);
    assert([last, underWay].includes(rows[0].round), `d.${table} is of round ${rows[0].round}`);
    // Done before the kill though not said: from now on it is promised.
    done[key] = rows[0].round;
  }
  if (done.model === 0) return;
  const centroids = await ask(
    `SELECT centroid_id, ANY_VALUE(IF(feature = 'round', numerical_value, NULL)) AS round,
    COUNT(*) AS features FROM ML.CENTROIDS(MODEL d.model) GROUP BY centroid_id ORDER BY centroid_id`,
  );
  assertEquals(centroids.map(({ centroid_id, features }) => [centroid_id, features]), [
    [1, 4],
    [2, 4],
    [3, 4],
  ]);
  const predicted = await ask(
    `SELECT COUNT(DISTINCT CENTROID_ID) AS n FROM ML.PREDICT(MODEL d.model, (
    SELECT 1 AS round, MOD(x, 7) AS a, MOD(x * x, 11) AS b, IF(x > 99, 'p', 'q') AS c
    FROM UNNEST(GENERATE_ARRAY(1, 500)) AS x))`,
  );
  assert(predicted[0].n >= 1 && predicted[0].n <= CLUSTERS);
}

Deno.test({
  name:
    `killed ${KILLS} times while it loads and trains, the local cloud loses nothing it promised`,
  // Sockets of the clients to servers that are gone close in their own time.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const dataFolder = await Deno.makeTempDir();
    const random = xoroshiro128plus(7);
    const done: Acknowledged = { table: 0, load: 0, model: 0 };
    let round = 1;
    try {
      for (let kill = 0; kill <= KILLS; kill++) {
        const clients = await open(dataFolder);
        await clients.bigquery.dataset("d").get({ autoCreate: true });
        await clients.storage.bucket("crash").get({ autoCreate: true });
        await check(clients, round, done);
        if (kill === KILLS) break;
        const delay = (random.next() >>> 0) % LONGEST_MS;
        setTimeout(() => Deno.kill(clients.pid, "SIGKILL"), delay);
        round = await workUntilKilled(clients, round + 1, done);
      }
      assert(done.model > 0, "No round came to its end: give the work more time");
    } finally {
      await stop(dataFolder);
      await Deno.remove(dataFolder, { recursive: true });
    }
  },
});
