/** A local cloud with a table, a model, a bucket and an endpoint, made by its public APIs. */
import { join } from "node:path";
import { startServer } from "../../../../lib/local_cloud/server.ts";

/** A text that becomes an element where it is taken for markup. */
export const MARKUP = "<img src=x onerror=alert(1)>";

const PROJECT = "proj-1";
const VERTEX = `/v1/projects/${PROJECT}/locations/us-central1`;

/** Where it answers; `await using` ends it. */
export interface StockedServer extends AsyncDisposable {
  url: string;
  /** The path of the endpoint that serves the model, below `/v1/`. */
  endpoint?: string;
  /** Deploys the same files as a further version, which gets a tenth of the traffic. */
  addVersion(): Promise<void>;
  /** Registers the same files in another region. */
  registerIn(region: string): Promise<void>;
  /** Serves a second model, of what each customer buys, in the same region. */
  addPurchases(): Promise<void>;
}

const CUSTOMERS = `CREATE TABLE d.customers AS
  SELECT CONCAT('c', LPAD(CAST(n AS STRING), 2, '0')) AS customer_id,
    IF(n = 3, NULL, CAST(IF(MOD(n, 2) = 0, 100 + n, n) AS FLOAT64)) AS spent,
    IF(MOD(n, 2) = 0, 20, 1) + MOD(n, 3) AS visits,
    IF(n = 1, '${MARKUP}', IF(n = 2, '', NULL)) AS note,
    [STRUCT('a' AS name, n AS size), STRUCT('b', NULL)] AS parts
  FROM UNNEST(GENERATE_ARRAY(1, 60)) AS n`;
const GROUPS = `CREATE MODEL d.groups OPTIONS (model_type = 'kmeans', num_clusters = 2)
  AS SELECT spent, visits FROM d.customers`;

const PURCHASES = `CREATE MODEL d.purchases OPTIONS (model_type = 'matrix_factorization',
  feedback_type = 'implicit', num_factors = 2, user_col = 'customer_id', item_col = 'product',
  rating_col = 'pieces')
  AS SELECT customer_id, product, 1.0 * visits AS pieces
  FROM d.customers, UNNEST(['Bell', 'Lamp', 'Tent']) AS product WITH OFFSET AS place
  WHERE MOD(CAST(SUBSTR(customer_id, 2) AS INT64) + place, 3) > 0`;

/** What the clusters are called, beside the model's files. */
const SEGMENTS = {
  features: "plain",
  segments: [
    { centroid_id: 1, tier: "One", action: "wait" },
    { centroid_id: 2, tier: "Two", action: MARKUP },
  ],
  means: { spent: 66.5 },
};

/** Starts and stocks it; the model is exported to `gs://files/models/groups` in any case. */
export async function stockedServer(
  { withEndpoint = true }: { withEndpoint?: boolean } = {},
): Promise<StockedServer> {
  const folder = await Deno.makeTempDir();
  const server = await startServer({ dataFolder: join(folder, "data"), port: 0 });
  const call = caller(server.url);
  await call(`/bigquery/v2/projects/${PROJECT}/datasets`, { datasetReference: { datasetId: "d" } });
  const query = (query: string) =>
    call(`/bigquery/v2/projects/${PROJECT}/queries`, { query, useLegacySql: false });
  await query(CUSTOMERS);
  await query(GROUPS);
  await call("/storage/v1/b", { name: "files" });
  const upload = (name: string) =>
    `/upload/storage/v1/b/files/o?uploadType=media&name=${encodeURIComponent(name)}`;
  await call(upload(`folder/${MARKUP}.txt`), "hello");
  await query("EXPORT MODEL d.groups OPTIONS (uri = 'gs://files/models/groups')");
  const deploy = deployer(call);
  let endpoint: string | undefined;
  if (withEndpoint) {
    await call(upload("models/groups/assets.extra/segments.json"), SEGMENTS);
    endpoint = await deploy("groups", { 0: 100 });
  }
  return {
    url: server.url,
    endpoint,
    async addVersion() {
      const found = await call(`/v1/${endpoint}`) as unknown as Served;
      const [{ id, model }] = found.deployedModels;
      await deploy("groups", { 0: 10, [id]: 90 }, { endpoint, parentModel: model });
    },
    async registerIn(region) {
      const models = `/v1/projects/${PROJECT}/locations/${region}/models`;
      await finished(call, await call(`${models}:upload`, { model: uploadOf("groups") }));
    },
    async addPurchases() {
      await query(PURCHASES);
      await query("EXPORT MODEL d.purchases OPTIONS (uri = 'gs://files/models/purchases')");
      await deploy("purchases", { 0: 100 });
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

interface Served {
  deployedModels: { id: string; model: string }[];
}

const uploadOf = (displayName: string) => ({
  displayName,
  artifactUri: `gs://files/models/${displayName}/`,
  containerSpec: { imageUri: "us-docker.pkg.dev/vertex-ai/prediction/tf2-cpu.2-15:latest" },
});

/** Deploys `gs://files/models/NAME` under that name, and gives the endpoint's name. */
function deployer(call: Call) {
  const done = async (path: string, body: unknown) => await finished(call, await call(path, body));
  return async (
    displayName: string,
    trafficSplit: Record<string, number>,
    { endpoint, parentModel }: { endpoint?: string; parentModel?: string } = {},
  ): Promise<string> => {
    const { model, modelVersionId } = await done(`${VERTEX}/models:upload`, {
      parentModel,
      model: uploadOf(displayName),
    });
    const name = endpoint ?? (await done(`${VERTEX}/endpoints`, { displayName })).name;
    await done(`/v1/${name}:deployModel`, {
      deployedModel: {
        model: `${model}@${modelVersionId}`,
        displayName,
        dedicatedResources: { machineSpec: { machineType: "n1-standard-2" }, minReplicaCount: 1 },
      },
      trafficSplit,
    });
    return String(name);
  };
}

type Json = Record<string, unknown>;
type Call = (path: string, body?: unknown) => Promise<Json>;

const caller = (url: string): Call => async (path, body) => {
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${text}`);
  return JSON.parse(text);
};

/** What an operation answers once it is done. */
async function finished(call: Call, operation: Json): Promise<Json> {
  for (let tries = 0; tries < 400; tries++) {
    if (operation.error) throw new Error(JSON.stringify(operation.error));
    if (operation.done) return operation.response as Json;
    await new Promise((resolve) => setTimeout(resolve, 25));
    operation = await call(`/v1/${operation.name}`);
  }
  throw new Error(`Never done: ${JSON.stringify(operation)}`);
}
