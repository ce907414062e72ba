/** How an endpoint's requests are shared between the models deployed there. */
import { failedPrecondition, invalidArgument, notThere } from "./errors.ts";
import type { DeployedRecord, EndpointRecord } from "./records.ts";

/** Percentage by id of a deployed model. */
export type TrafficSplit = Record<string, number>;

/** Whether a request says how traffic is to be split: an empty split is as good as none. */
export const isGiven = (split: TrafficSplit | undefined): split is TrafficSplit =>
  split !== undefined && Object.keys(split).length > 0;

/**
 * A split that an endpoint can have.
 *
 * @param deployed What is deployed there.
 * @throws {CloudError} `invalid`: it names something else, or the shares do not add to 100.
 */
export function checkedSplit(split: TrafficSplit, deployed: DeployedRecord[]): TrafficSplit {
  const known = new Set(deployed.map(({ id }) => id));
  const unknown = Object.keys(split).filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw invalidArgument(
      `The following DeployedModel ID(s) [${unknown.join(", ")}] do not exist: trafficSplit may ` +
        `name ${[...known].join(", ") || "none, as no model is deployed"}`,
    );
  }
  const sum = Object.values(split).reduce((total, share) => total + share, 0);
  if (sum === 100 || Object.keys(split).length === 0) return split;
  throw invalidArgument(`Traffic split must add up to 100: it adds up to ${sum}`);
}

/**
 * What is left to an endpoint when a model is undeployed.
 *
 * @param given The split that the request asks for.
 * @throws {CloudError} `resourceInUse`: the model still has traffic.
 */
export function withoutDeployed(
  endpoint: EndpointRecord,
  id: string,
  given: TrafficSplit | undefined,
): EndpointRecord {
  const deployed = endpoint.deployed.filter((one) => one.id !== id);
  if (deployed.length === endpoint.deployed.length) throw notThere("DeployedModel", id);
  const split = { ...isGiven(given) ? given : endpoint.trafficSplit };
  const share = split[id] ?? 0;
  delete split[id];
  if (deployed.length === 0) return { ...endpoint, deployed, trafficSplit: {} };
  if (share > 0) {
    throw failedPrecondition(
      `Cannot undeploy DeployedModel ${id} as it has ${share} percent of the traffic: give ` +
        "its share to other models in trafficSplit",
    );
  }
  return { ...endpoint, deployed, trafficSplit: checkedSplit(split, deployed) };
}

/**
 * The deployed model that a request goes to.
 *
 * @param random From 0 up to 1.
 * @throws {CloudError} `resourceInUse`: the endpoint takes no traffic.
 */
export function route({ name, deployed, trafficSplit }: EndpointRecord, random: number) {
  let point = random * 100;
  for (const one of deployed) {
    point -= trafficSplit[one.id] ?? 0;
    if (point < 0) return one;
  }
  throw failedPrecondition(
    `Endpoint ${name} doesn't have traffic_split: ` +
      (deployed.length === 0 ? "deploy a model" : "give a deployed model traffic"),
  );
}
