import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "node:path";
import { startServer } from "../../../../../lib/local_cloud/server.ts";
import { deployedAs, type Json, modelAt, PARENT } from "./vertex_server.ts";

const TRAIN = `CREATE MODEL d.clusters
  OPTIONS (model_type = 'kmeans', num_clusters = 3, standardize_features = TRUE) AS
  SELECT MOD(n * 37, 11) + IF(n > 60, 50, 0) AS spent, MOD(n * 7, 5) * n AS seconds,
    CHR(97 + MOD(n, 3)) AS device
  FROM UNNEST(GENERATE_ARRAY(1, 120)) AS n`;
const ROWS = "SELECT 8 AS spent, 90 AS seconds, 'a' AS device UNION ALL SELECT 61, 4, 'none'";
const PREDICT = `SELECT CENTROID_ID AS id, ARRAY(SELECT DISTANCE FROM
  UNNEST(NEAREST_CENTROIDS_DISTANCE) ORDER BY CENTROID_ID) AS distances
  FROM ML.PREDICT(MODEL d.clusters, (${ROWS})) ORDER BY spent`;

/** A local cloud, asked over HTTP alone. */
class Cloud {
  constructor(private readonly url: string) {}

  async ask(path: string, body: unknown): Promise<Json> {
    const options = { method: "POST", body: JSON.stringify(body) };
    const answer = await (await fetch(`${this.url}${path}`, options)).json();
    if (answer.error) throw new Error(answer.error.message);
    return answer;
  }

  async query(query: string): Promise<Json> {
    const defaultDataset = { datasetId: "d" };
    return await this.ask("/projects/p/queries", { query, useLegacySql: false, defaultDataset });
  }

  async done(path: string, body: unknown): Promise<Json> {
    const { name } = await this.ask(`/v1/${path}`, body);
    const { error, response } = await this.ask(`/v1/${name}:wait`, {});
    if (error) throw new Error(error.message);
    return response;
  }
}

Deno.test("a model exported from BigQuery answers on an endpoint what ML.PREDICT answers", async () => {
  const folder = await Deno.makeTempDir();
  const server = await startServer({ dataFolder: join(folder, "data"), port: 0 });
  try {
    const cloud = new Cloud(server.url);
    await cloud.ask("/projects/p/datasets", { datasetReference: { datasetId: "d" } });
    await cloud.ask("/storage/v1/b", { name: "models" });
    await cloud.query(TRAIN);
    await cloud.query("EXPORT MODEL d.clusters OPTIONS (uri = 'gs://models/clusters/1')");
    const request = { model: modelAt("gs://models/clusters/1/") };
    const { model } = await cloud.done(`${PARENT}/models:upload`, request);
    const { name } = await cloud.done(`${PARENT}/endpoints`, { displayName: "clusters" });
    const deployment = { deployedModel: deployedAs(model), trafficSplit: { "0": 100 } };
    await cloud.done(`${name}:deployModel`, deployment);
    const { predictions } = await cloud.ask(`/v1/${name}:predict`, {
      instances: [
        { spent: 8, seconds: 90, device: "a" },
        { spent: 61, seconds: 4, device: "none" },
      ],
    });
    const { rows } = await cloud.query(PREDICT);
    assertEquals(rows.length, 2);
    for (const [at, { f: [id, distances] }] of rows.entries()) {
      const { nearest_centroid_id, centroid_distances, centroid_ids } = predictions[at];
      assertEquals(nearest_centroid_id, [Number(id.v)]);
      assertEquals(centroid_ids, [1, 2, 3]);
      for (const [cluster, { v }] of distances.v.entries()) {
        assertAlmostEquals(centroid_distances[cluster], Number(v), 1e-9);
      }
    }
    assert(predictions[0].nearest_centroid_id[0] !== predictions[1].nearest_centroid_id[0]);
  } finally {
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
});
