/** Who gets which share of an endpoint's traffic. Pure. */
import type { Deployment } from "../vertex.ts";

/** Percent by the id of a deployment; together 100. */
export type TrafficSplit = Record<string, number>;

/**
 * The version that answers besides another one: the one with the most traffic; nothing if there is
 * none.
 */
export function answeringBeside(
  deployments: readonly Deployment[],
  target: Pick<Deployment, "id">,
): Deployment | undefined {
  return deployments
    .filter(({ id, percent }) => id !== target.id && percent > 0)
    .reduce<Deployment | undefined>(
      (most, each) => most && most.percent >= each.percent ? most : each,
      undefined,
    );
}

/**
 * The shares after a version was deployed: all for it, or for a canary its share, and the rest for the
 * version that answers most requests besides. Where nothing else answers it gets all in any case.
 *
 * @param canary Percent, 1 … 99.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const about = { model: "m", machine: "n1-standard-2", minReplicas: 1, maxReplicas: 1, created: 0 };
 * const old = { ...about, id: "7", version: 1, percent: 100 };
 * const fresh = { ...about, id: "8", version: 2, percent: 0 };
 * assertEquals(splitTraffic([old, fresh], fresh), { "8": 100 });
 * assertEquals(splitTraffic([old, fresh], fresh, 10), { "8": 10, "7": 90 });
 * ```
 */
export function splitTraffic(
  deployments: readonly Deployment[],
  target: Deployment,
  canary?: number,
): TrafficSplit {
  const beside = answeringBeside(deployments, target);
  if (canary === undefined || !beside) return { [target.id]: 100 };
  return { [target.id]: canary, [beside.id]: 100 - canary };
}
