/** What the command says once the functions answer. */
import { exampleUsers } from "../event_check.ts";
import type { FeatureSet } from "../features.ts";
import type { Session } from "../session.ts";
import { readFeatures } from "../trained_features.ts";
import { findEndpoint, servingDeployment, type Vertex } from "../vertex.ts";
import { AnswerError } from "./answer_error.ts";
import { createServing } from "./serving.ts";

/** The user of the walk-through, for whom there may be no events. */
const SOMEBODY = "2534169.4418845320";

/** What is asked, and how. */
export interface AnnouncedFunctions {
  session: Session;
  vertex: Vertex;
  /** Those that `--features` names; nothing without that option. */
  features?: FeatureSet;
  /** Turns an error into the sentence about it. */
  describe(error: unknown): string;
}

/**
 * Says what can be asked, by two lines to be pasted, and, on the error output, what is not deployed
 * or was trained on other features than asked for.
 *
 * @param port The one that is open.
 */
export async function announce(port: number, functions: AnnouncedFunctions): Promise<void> {
  const users = await exampleUsers(functions.session).catch(() => []);
  const [one = SOMEBODY, other = one] = users;
  console.log(`The functions answer on http://127.0.0.1:${port}; Ctrl-C ends them. Try:\n`);
  for (const [name, userId] of [["UserCluster", one], ["ProductAffinity", other]]) {
    const body = JSON.stringify({ userId }).replaceAll("'", "'\\''");
    console.log(
      `curl -X POST http://127.0.0.1:${port}/${name} -H "Content-Type: application/json" -d '${body}'`,
    );
  }
  for (const remark of await remarks(functions)) console.error(`\n${remark}`);
}

/** What somebody who starts the functions should know, one sentence each; none if all is well. */
async function remarks(functions: AnnouncedFunctions): Promise<string[]> {
  const found = await Promise.all([
    remarksOn("user_clusters", functions, clusterRemarks),
    remarksOn("product_affinity", functions, affinityRemarks),
  ]);
  return [...new Set(found.flat())];
}

async function remarksOn(
  model: string,
  functions: AnnouncedFunctions,
  more: (functions: AnnouncedFunctions) => Promise<string[]>,
): Promise<string[]> {
  try {
    const endpoint = await findEndpoint(functions.vertex, model);
    if (endpoint && servingDeployment(endpoint)) return await more(functions);
    return [`${model} is not deployed: run \`deno task deploy --model ${model}\``];
  } catch (error) {
    return [error instanceof AnswerError ? error.message : functions.describe(error)];
  }
}

/** Which versions were trained on other features than asked for, or cannot be asked at all. */
async function clusterRemarks(functions: AnnouncedFunctions): Promise<string[]> {
  const serving = createServing(functions.session, functions.vertex);
  const { versions } = await serving.served.get("user_clusters");
  const found = await Promise.all(versions.map(async ({ name }) => {
    const { features } = await serving.notes.get(name);
    return featureRemark(`Version ${name.split("@")[1]} of user_clusters`, functions, features);
  }));
  return found.flat();
}

/** What was looked at is rated as in the matrix that the newest model was trained on. */
async function affinityRemarks(functions: AnnouncedFunctions): Promise<string[]> {
  const trained = await readFeatures(functions.session, "product_affinity");
  return featureRemark("The newest product_affinity", functions, trained);
}

function featureRemark(
  model: string,
  { features }: Pick<AnnouncedFunctions, "features">,
  trained: FeatureSet | null | undefined,
): string[] {
  if (!trained || !features || trained === features) return [];
  return [
    `${model} was trained on the ${trained} features and is asked with them: ` +
    `--features ${features} does not count for it`,
  ];
}
