/** What may stand when a command ended before its time, told truly for each stage. Pure. */
import { type Place, placeOptions } from "./place.ts";

/** What a stage of deploying may leave, by the beginning of its name. */
const LEFT: readonly [start: string, left: (model: string) => string][] = [
  ["test ", (model) => `the endpoint ${model}_staging, on which it was tested, may stand`],
  [
    "deploy ",
    (model) => `the endpoint ${model} may hold one more version, which answers nobody yet`,
  ],
  [
    "move traffic of ",
    (model) => `the endpoint ${model} holds both versions, one with all traffic`,
  ],
  ["tidy up ", (model) => `the endpoint ${model} may hold what answered before`],
];

/** How far a command came. */
export interface Reached extends Place {
  /** Names of the stages that were begun, the last one last. */
  begun: readonly string[];
}

/**
 * What may stand after a deployment ended in its last stage; nothing if no endpoint was changed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const place = { where: "local", project: "local-cloud", dataset: "ecommerce_public" } as const;
 * assertEquals(
 *   standing({ ...place, begun: ["upload user_clusters", "test user_clusters"] }),
 *   "the endpoint user_clusters_staging, on which it was tested, may stand",
 * );
 * ```
 */
export function standing({ where, begun }: Reached): string | undefined {
  const done = begun.slice(0, -1).filter((name) => name.startsWith("tidy up "))
    .map((name) => `the endpoint ${modelOf(name)} answers as asked for`);
  const last = begun.at(-1) ?? "";
  const left = LEFT.find(([start]) => last.startsWith(start))?.[1](modelOf(last));
  const all = left === undefined ? done : [...done, left];
  if (all.length === 0) return undefined;
  return all.join("; ") + (where === "cloud" ? ", and what stands is billed" : "");
}

const modelOf = (stage: string) => stage.split(" ").at(-1) ?? "";

/** What to do about what stands. */
export function waysOn(place: Place): string {
  return "run the same command again to go on, or " +
    `\`deno task undeploy${placeOptions(place)}\` to remove the endpoints`;
}

/** The sentence for who stopped a deployment. */
export function stoppedDeploying(reached: Reached): string {
  const last = reached.begun.at(-1);
  const place = last === undefined ? "before the first stage" : `in the stage "${last}"`;
  const left = standing(reached);
  return left === undefined
    ? `Stopped ${place}: no endpoint was changed; run the same command again to go on`
    : `Stopped ${place}: ${left}; ${waysOn(reached)}`;
}

/** The sentence for who stopped an undeployment. */
export function stoppedUndeploying({ where, begun }: Reached): string {
  const isBegun = begun.some((name) => name.startsWith("undeploy "));
  const left = isBegun ? "some endpoints may be gone" : "no endpoint was removed";
  const billed = where === "cloud" ? ", and what stands is billed" : "";
  return `Stopped: ${left}${billed}; run the same command again to go on`;
}
