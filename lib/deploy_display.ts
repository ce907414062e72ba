/** How models on their way to an endpoint, and its answers, are shown. */
import type { AnswerComparison } from "./deploy/agreement.ts";
import type { ClusterName } from "./cluster_names.ts";
import type { ExportedFile } from "./deploy/exported_files.ts";
import type { ImportComparison } from "./deploy/imported_model.ts";
import { HOURS_IN_MONTH, type MachineCost } from "./deploy/machine_cost.ts";
import type { ServedVersion } from "./deploy/served_model.ts";
import type { UndeployResult } from "./deploy/undeploy.ts";
import { barChart, type Column, type Displayed, table } from "./display.ts";
import type { ProductAffinityAnswer } from "./functions/product_affinity.ts";
import type { AffinityPrediction, ClusterPrediction } from "./predictions.ts";

/** What is written above a table or chart. */
export interface Caption {
  title: string;
}

/** The files of an exported model. */
export function fileTable(files: readonly ExportedFile[], { title }: Caption): Displayed {
  const columns = { path: {}, bytes: {}, purpose: { title: "What it is for" } };
  return table(files, { title, columns });
}

/** How far the imported model is from the one that it was exported from. */
export function importTable(
  { largest_difference, ...counts }: ImportComparison,
  { title }: Caption,
): Displayed {
  return table([{ ...counts, largest_difference: bound(largest_difference) }], { title });
}

const FEATURES: Record<string, Column> = {
  session_count: { title: "Visits", digits: 0 },
  total_time_spend_by_user_in_msec: { title: "Attention", as: "seconds_of_msec" },
  no_of_orders: { title: "Item lines", digits: 1 },
  average_order_value: { title: "Price per item", as: "dollars" },
};

/** What an endpoint was asked, and its answers beside BigQuery's. */
export function answerTable(rows: readonly AnswerComparison[], { title }: Caption): Displayed {
  const asked = Object.keys(rows[0]?.asked ?? {});
  const known = Object.keys(FEATURES).filter((name) => asked.includes(name));
  const names = [...known, ...asked.filter((name) => !known.includes(name))];
  const written = ({ name, value }: { name: string; value: number }) =>
    `${name.trim()} (${value.toFixed(3)})`;
  return table(
    rows.map(({ asked, known, answered, difference }) => ({
      ...asked,
      ...{ bigquery: written(known), endpoint: written(answered), difference: bound(difference) },
    })),
    {
      title,
      columns: {
        ...Object.fromEntries(names.map((name) => [name, FEATURES[name] ?? {}])),
        ...{ bigquery: { title: "BigQuery" }, endpoint: {}, difference: {} },
      },
    },
  );
}

/** Below it differences are the last bits of the numbers, which are others on another machine. */
const SMALLEST = -9;

/** A difference as the power of ten that it is below. */
function bound(difference: number): string {
  if (!Number.isFinite(difference)) return "not comparable";
  const power = difference > 0 ? Math.floor(Math.log10(difference)) + 1 : SMALLEST;
  return `below 1e${Math.max(power, SMALLEST)}`;
}

/** How far a user is from each cluster, nearest first, under the names of the version that answered. */
export function distanceChart(
  { centroid_ids, centroid_distances }: ClusterPrediction,
  { title, names }: Caption & { names: readonly ClusterName[] },
): Promise<Displayed> {
  const rows = centroid_ids.map((id, i) => ({
    cluster: names.find(({ centroid_id }) => centroid_id === id)?.character ?? `cluster ${id}`,
    distance: centroid_distances[i],
  })).sort((a, b) => a.distance - b.distance);
  return barChart(rows, {
    x: { field: "distance", title: "Distance", unit: "standard deviations", format: ".1f" },
    y: { field: "cluster", title: "Segment" },
    color: "cluster",
    title,
    source: "centroid_distances of the endpoint's answer",
  });
}

/** The products that the endpoint of product_affinity names, quoted as it writes them, best first. */
export function ratingTable(
  { predicted_item, predicted_rating }: AffinityPrediction,
  { title, rows = 5 }: Caption & { rows?: number },
): Displayed {
  const products = predicted_item.slice(0, rows).map((item, i) => ({
    ...{ predicted_item: `"${item}"`, predicted_rating: predicted_rating[i] },
  }));
  return table(products, {
    title,
    columns: { predicted_item: {}, predicted_rating: { digits: 3 } },
  });
}

/** The products that the function ProductAffinity names, best first. */
export function productTable(
  { products }: Pick<ProductAffinityAnswer, "products">,
  { title }: Caption,
): Displayed {
  return table(products, {
    title,
    columns: {
      product: {},
      confidence: { digits: 3 },
      productGroup: { title: "Product group" },
      priceUsd: { title: "Price", as: "dollars" },
      basis: {},
    },
  });
}

/** Which tier and character each version has for the cluster of a number. */
export function clusterNameTable(
  versions: Readonly<Record<string, readonly ClusterName[]>>,
  { title }: Caption,
): Displayed {
  const ids = Object.values(versions).flat().map(({ centroid_id }) => centroid_id);
  const rows = [...new Set(ids)].sort((a, b) => a - b).map((id) => ({
    cluster: id,
    ...Object.fromEntries(
      Object.entries(versions).flatMap(([version, names]) => {
        const found = names.find(({ centroid_id }) => centroid_id === id);
        return [[`${version}: tier`, found?.tier], [`${version}: character`, found?.character]];
      }),
    ),
  }));
  return table(rows, { title });
}

/** A version with its share of the traffic. */
export type Share = Pick<ServedVersion, "version" | "percent">;

/** Who answers which share of the requests. */
export function trafficTable(shares: readonly Share[], { title }: Caption): Displayed {
  const rows = shares.map(({ version, percent }) => ({ version, traffic: percent / 100 }));
  return table(rows, { title, columns: { version: {}, traffic: { as: "percent", digits: 0 } } });
}

/** The shares of the traffic at several moments, in their order. */
export function trafficChart(
  moments: Readonly<Record<string, readonly Share[]>>,
  { title }: Caption,
): Promise<Displayed> {
  const rows = Object.entries(moments).flatMap(([moment, shares]) =>
    [...shares].sort((a, b) => a.version - b.version)
      .map(({ version, percent }) => ({ moment, version: `version ${version}`, percent }))
  );
  return barChart(rows, {
    x: { field: "percent", title: "Share of the requests", unit: "percent" },
    y: { field: "moment", title: "" },
    color: { field: "version", title: "Version" },
    title,
    source: "traffic split of the endpoint",
  });
}

/** What machines cost on Google Cloud as long as something is deployed. */
export function costTable(costs: readonly MachineCost[], { title }: Caption): Displayed {
  const rows = costs.map(({ model, machine, minReplicas, hourly }) => ({
    ...{ model, machines: `${minReplicas} × ${machine}`, hourly },
    monthly: hourly === undefined ? undefined : hourly * HOURS_IN_MONTH,
  }));
  return table(rows, {
    title,
    columns: {
      model: {},
      machines: {},
      hourly: { title: "An hour", as: "dollars" },
      monthly: { title: "A month", as: "dollars", digits: 0 },
    },
    note: "List price in us-central1, US dollars",
  });
}

/** What is left of models whose endpoints were removed. */
export function leftTable({ removed, left }: UndeployResult, { title }: Caption): Displayed {
  const rows = left.map(({ model, versions, folders }) => ({
    model,
    removed: removed.filter(({ name }) => name === model || name === `${model}_staging`).length,
    versions,
    kilobytes: folders.reduce((sum, { bytes }) => sum + bytes, 0) / 1000,
  }));
  return table(rows, {
    title,
    columns: {
      model: {},
      removed: { title: "Endpoints removed" },
      versions: { title: "Versions left" },
      kilobytes: { title: "Files left", unit: "kB", digits: 0 },
    },
  });
}
