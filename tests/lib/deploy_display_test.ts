/** Tables and charts of models that are served. */
import { assert, assertEquals } from "@std/assert";
import * as show from "../../lib/deploy_display.ts";
import type { ClusterName } from "../../lib/cluster_names.ts";
import { DISPLAY, type Displayed } from "../../lib/display.ts";

const text = (displayed: Displayed) => String(displayed[DISPLAY]()["text/plain"]);
const title = "t";
const NAMES: ClusterName[] = [
  { centroid_id: 1, tier: "Platinum", character: "premium", action: "a" },
  { centroid_id: 2, tier: "Bronze", character: "bronze", action: "b" },
];

Deno.test("a difference is shown as the power of ten that it is below, the last bits left out", () => {
  const counts = { users: 5000, users_with_null: 3491, distances: 20_000 };
  const shown = (largest_difference: number) =>
    text(show.importTable({ ...counts, largest_difference }, { title }));
  assert(/5,000 +3,491 +20,000 +below 1e-9$/.test(shown(0)));
  assert(shown(4e-16).endsWith("below 1e-9"));
  assert(shown(4e-4).endsWith("below 1e-3"));
  assert(shown(2.5).endsWith("below 1e1"));
});

Deno.test("an answer stands beside BigQuery's, with the features under the names of what they count", () => {
  const asked = {
    ...{ session_count: 2, total_time_spend_by_user_in_msec: 90_000 },
    ...{ average_order_value: 12.5, no_of_orders: 3 },
  };
  const known = { name: "1", value: 0.25 };
  const row = { asked, known, answered: { name: "2", value: 0.5 }, difference: Infinity };
  const shown = text(show.answerTable([row], { title }));
  assert(/Visits +Attention +Item lines +Price per item +BigQuery +Endpoint/.test(shown), shown);
  assert(/2 +1 min 30 s +3\.0 +\$12\.50 +1 \(0\.250\) +2 \(0\.500\) +not comparable/.test(shown));
});

Deno.test("an answer about a user is shown with the product's name and without the blanks around it", () => {
  const part = { name: " Moka Pot", value: 1.06 };
  const row = { asked: { user_pseudo_id: "ann" }, known: part, answered: part, difference: 0 };
  assert(/ann +Moka Pot \(1\.060\) +Moka Pot/.test(text(show.answerTable([row], { title }))));
});

Deno.test("distances have the nearest segment first, each in its own colour", async () => {
  const prediction = {
    nearest_centroid_id: [2] as [number],
    centroid_ids: [1, 2, 3],
    centroid_distances: [3, 1, 2],
  };
  const chart = await show.distanceChart(prediction, { title, names: NAMES });
  const spec = chart[DISPLAY]()["application/vnd.vegalite.v5+json"] as {
    data: { values: { cluster: string }[] };
  };
  assertEquals(spec.data.values.map(({ cluster }) => cluster), ["bronze", "cluster 3", "premium"]);
  const svg = String(chart[DISPLAY]()["image/svg+xml"]);
  assert(svg.includes("#a84a00") && svg.includes("#0072b2"));
});

Deno.test("a cluster's number is shown with what each version calls it", () => {
  const [one, two] = NAMES;
  const other = [{ ...one, centroid_id: 2 }, { ...two, centroid_id: 3 }];
  const shown = text(show.clusterNameTable({ first: NAMES, second: other }, { title }));
  assert(/First: tier +First: character +Second: tier +Second: character/.test(shown), shown);
  assert(/1 +Platinum +premium +– +–/.test(shown));
  assert(/2 +Bronze +bronze +Platinum +premium/.test(shown));
  assert(/3 +– +– +Bronze +bronze/.test(shown));
});

Deno.test("shares of the traffic are shown at a moment, and over several", async () => {
  const shares = [{ version: 2, percent: 10 }, { version: 1, percent: 90 }];
  assert(/2 +10%\n +1 +90%/.test(text(show.trafficTable(shares, { title }))));
  const chart = await show.trafficChart({ canary: shares, all: [shares[0]] }, { title });
  assertEquals(text(chart), "t · bar chart of 3 rows · source: traffic split of the endpoint");
});

Deno.test("products are quoted as the endpoint writes them, and tidy as the function does", () => {
  const prediction = { predicted_item: [" Moka Pot", "Cup"], predicted_rating: [1.05, 0.5] };
  const shown = text(show.ratingTable(prediction, { title, rows: 1 }));
  assert(/" Moka Pot" +1\.050$/.test(shown), shown);
  const product = {
    ...{ product: "Cup", confidence: null, productGroup: "Coffee", priceUsd: 8 },
    basis: "best_sellers" as const,
  };
  assert(
    /Cup +– +Coffee +\$8\.00 +best_sellers/.test(
      text(show.productTable({ products: [product] }, { title })),
    ),
  );
});

Deno.test("what machines cost is shown by the hour and by the month, or not at all", () => {
  const machine = { machine: "n1-standard-2", minReplicas: 2, maxReplicas: 2 };
  const costs = [
    { model: "user_clusters" as const, ...machine, hourly: 0.219 },
    { model: "product_affinity" as const, ...machine, machine: "x9", hourly: undefined },
  ];
  const shown = text(show.costTable(costs, { title }));
  assert(/user_clusters +2 × n1-standard-2 +\$0\.22 +\$160/.test(shown), shown);
  assert(/product_affinity +2 × x9 +– +–/.test(shown));
});

Deno.test("what is left is shown with what was removed, the endpoint of a test included", () => {
  const about = { where: "local" as const, project: "p", dataset: "d", region: "r", stages: [] };
  const removed = ["user_clusters_staging", "user_clusters", "product_affinity"].map((name) => ({
    ...{ name, endpoint: `projects/p/${name}`, deployed: 1 },
  }));
  const left = [{
    ...{ model: "user_clusters" as const, resource: "projects/p/models/7", versions: 2 },
    folders: [{ uri: "gs://a", bytes: 1500 }, { uri: "gs://b", bytes: 2500 }],
  }];
  const shown = text(show.leftTable({ ...about, removed, left }, { title }));
  assert(/user_clusters +2 +2 +4$/.test(shown), shown);
});

Deno.test("files are shown with their sizes and what they are for", () => {
  const file = { path: "saved_model.pb", bytes: 4812, purpose: "the graph" };
  assert(/saved_model\.pb +4,812 +the graph/.test(text(show.fileTable([file], { title }))));
});
