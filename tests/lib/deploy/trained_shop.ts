/** A shop with trained models, deployments of it, and visitors who ask all the while. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { readDeployArguments } from "../../../lib/deploy/arguments.ts";
import { deploy } from "../../../lib/deploy/deploy.ts";
import { readKnownOf } from "../../../lib/deploy/export_model.ts";
import { differenceOf, type KnownAnswers, toAnswer } from "../../../lib/deploy/known_answers.ts";
import type { ServedModel } from "../../../lib/deploy/served_model.ts";
import type { DeployResult } from "../../../lib/deploy/work.ts";
import { makeProductMatrix, makeUserStats } from "../../../lib/features.ts";
import { trainProductAffinity } from "../../../lib/product_affinity.ts";
import { type Progress, startProgress } from "../../../lib/progress.ts";
import type { Session } from "../../../lib/session.ts";
import { predictUserClusters, trainUserClusters } from "../../../lib/user_clusters.ts";
import { EVENTS } from "../../fixtures.ts";
import { openShop, type Shop } from "../../open_shop.ts";

/** The shop of tests/fixtures.ts with both models. */
export async function openTrainedShop(): Promise<Shop> {
  const shop = await openShop(EVENTS);
  const { session } = shop;
  await makeUserStats(session, "published");
  await trainClusters(session, 2);
  await makeProductMatrix(session, "corrected");
  const names = { user_product_matrix: "user_product_matrix_corrected" };
  await trainProductAffinity({ ...session, names }, { num_factors: 2 });
  return shop;
}

/** Trains user_clusters anew. */
export async function trainClusters(session: Session, clusters: number): Promise<void> {
  await trainUserClusters(session, { clusters });
  await predictUserClusters(session);
}

/** What is done when a stage has ended. */
export type AfterStage = (stage: number) => void;

/** Deploys in this process, as the command does. */
export async function deployShop(
  session: Session,
  args: string[],
  after: AfterStage = () => {},
): Promise<DeployResult> {
  const settings = readDeployArguments(args);
  assert(settings);
  let stages = 0;
  const result = await deploy(session, settings, (total) => {
    stages = total;
    return counting(startProgress(total, "none"), after);
  });
  assertEquals(result.stages.length, stages);
  return result;
}

function counting(progress: Progress, after: AfterStage): Progress {
  return {
    ...progress,
    async stage(name, work) {
      const result = await progress.stage(name, work);
      after(progress.times.length);
      return result;
    },
  };
}

/** Deploys user_clusters alone, and answers with what is served. */
export async function deployClusters(
  session: Session,
  args: string[] = [],
  after?: AfterStage,
): Promise<ServedModel> {
  const result = await deployShop(session, ["--model", "user_clusters", ...args], after);
  return result.models[0];
}

/** The commands as a person runs them in the shop's folder, on the shop's local cloud. */
export function command(
  { folder }: Pick<Shop, "folder">,
  args: string[],
  env: Record<string, string> = {},
): Deno.Command {
  const [name, ...rest] = args;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", MAIN, name, "--data", join(folder, "cloud"), ...rest],
    env: { NO_COLOR: "1", INIT_CWD: folder, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

const MAIN = new URL("../../../lib/deploy/main.ts", import.meta.url).pathname;

/** What a command answered. */
export async function output(command: Deno.Command) {
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** An answer of `:predict`, as far as it matters here. */
interface Answer {
  predictions?: unknown[];
  modelVersionId?: string;
  deployedModelId?: string;
  error?: unknown;
}

/** Visitors of the shop: they ask for one user's cluster, again and again, until they are stopped. */
export class Visitors implements AsyncDisposable {
  #answers: Answer[] = [];
  #known = new Map<string, KnownAnswers>();
  #isOver = false;
  #asking: Promise<void>;

  constructor(private readonly session: Session, private readonly served: ServedModel) {
    this.#asking = this.#ask();
  }

  async #ask(): Promise<void> {
    const body = JSON.stringify({ instances: [this.served.instance] });
    while (!this.#isOver) {
      const answer = await fetch(this.served.predict_url, { method: "POST", body })
        .then((response) => response.json())
        .catch((error) => ({ error: String(error) }));
      this.#answers.push(answer);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Tells what a version must answer. */
  async expect({ version, artifact }: ServedModel): Promise<void> {
    const known = await readKnownOf(this.session, artifact);
    assert(known);
    assertEquals(known.instances[0], this.served.instance);
    this.#known.set(String(version), known);
  }

  /** Which versions have answered, with how many answers each, since this was asked last. */
  seen(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { modelVersionId = "none" } of this.#answers) {
      counts.set(modelVersionId, (counts.get(modelVersionId) ?? 0) + 1);
    }
    return counts;
  }

  /** Waits for some more answers. */
  async wait(answers = 5): Promise<void> {
    const enough = this.#answers.length + answers;
    while (this.#answers.length < enough) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Sends them home, whatever they have been answered. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#asking;
  }

  /** Sends them home: each must always have got a right answer of the version that it is said to be. */
  async stop(): Promise<void> {
    await this[Symbol.asyncDispose]();
    for (const answer of this.#answers) {
      const { predictions: [prediction] = [], modelVersionId = "" } = answer;
      const known = this.#known.get(modelVersionId);
      assert(known && prediction, `unexpected: ${JSON.stringify(answer)}`);
      assertEquals(
        differenceOf(toAnswer("user_clusters", prediction), known.answers[0]),
        undefined,
      );
    }
  }
}
