/** The results of retraining as text that a person enjoys reading. Pure. */
import { styleText } from "node:util";
import { K, type Score } from "./list_scores.ts";
import { count, day, interval, percent } from "./figures.ts";
import type { AffinityResult, ClusterResult, RetrainResult, UserResult } from "./retrain.ts";
import { ACTIONS, type Character, type Segment, type Tier } from "./segments.ts";
import { type TextColumn, textTable } from "./text_table.ts";

type Style = Parameters<typeof styleText>[0];
/** Puts a style on a text, or not. */
type Ink = (style: Style, text: string) => string;

const TIER_STYLES: Record<Tier, Style> = {
  Platinum: ["bold", "cyan"],
  Gold: "yellow",
  Silver: "white",
  Bronze: "dim",
};

/**
 * The summary, ready to print.
 *
 * @param isColored Whether it goes to a terminal that shows colours.
 */
export function summarize(result: RetrainResult, { isColored = false } = {}): string {
  const ink: Ink = isColored
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
  return [
    ...introduction(result, ink),
    ...(result.user_clusters ? segments(result, result.user_clusters, ink) : []),
    ...(result.product_affinity ? recommendations(result, result.product_affinity, ink) : []),
    ...result.users.flatMap((user) => aboutUser(user, result, ink)),
    ...times(result, ink),
  ].join("\n");
}

function introduction(result: RetrainResult, ink: Ink): string[] {
  const { events: e, source, where, project, dataset } = result;
  const place = where === "local" ? "the local cloud" : `project ${project}`;
  const period = [e.first_event_micros, e.last_event_micros].map(day).join(" to ");
  const made = [
    ...(result.user_clusters ? ["user_clusters", "user_clusters_op"] : []),
    ...(result.product_affinity ? ["product_affinity", "product_affinity_op"] : []),
  ];
  return [
    "",
    ink("bold", `Retrained in ${dataset} on ${place}`),
    `  from ${source}: ${count(e.events)} events of ${count(e.users)} users, ${period} (UTC)`,
    `  ${count(e.purchases)} purchases by ${count(e.buyers)} buyers of ${
      count(e.products)
    } products`,
    `  made: ${made.join(", ")}`,
  ];
}

function segments(result: RetrainResult, clusters: ClusterResult, ink: Ink): string[] {
  const all = clusters.segments.reduce((sum, { users }) => sum + users, 0);
  const isCorrected = result.features === "corrected";
  const columns: TextColumn[] = [
    { title: "Tier" },
    { title: "Character" },
    { title: "Users", align: "right" },
    { title: "Share", align: "right" },
    { title: "Sessions", align: "right" },
    { title: "Minutes", align: "right" },
    { title: isCorrected ? "Order value, $" : "Item price, $", align: "right" },
    { title: isCorrected ? "Orders" : "Item lines", align: "right" },
    { title: "Id", align: "right" },
  ];
  const rows = clusters.segments.map((segment) => [
    ink(TIER_STYLES[segment.tier], segment.tier),
    segment.character,
    count(segment.users),
    percent(segment.users / all),
    segment.session_count.toFixed(1),
    (segment.total_time_spend_by_user_in_msec / 60_000).toFixed(1),
    segment.average_order_value.toFixed(2),
    segment.no_of_orders.toFixed(1),
    String(segment.centroid_id),
  ]);
  const what = `means of ${clusters.segments.length} clusters, features as ${result.features}`;
  return [
    ...heading("Segments", `user_clusters: ${what}`, ink),
    ...textTable(columns, rows, { paintTitle: (text) => ink("dim", text) }),
    "",
    ...actions(clusters.segments),
    "",
    ...clusterQuality(clusters),
  ];
}

function actions(segments: readonly Segment[]): string[] {
  const present = new Set(segments.map(({ character }) => character));
  const known = (Object.keys(ACTIONS) as Character[]).filter((each) => present.has(each));
  return textTable(
    [{ title: "What to do" }, { title: "" }],
    known.map((character) => [character, ACTIONS[character]]),
  );
}

function clusterQuality({ quality, recovery }: ClusterResult): string[] {
  const index = quality.davies_bouldin_index?.toFixed(3) ?? "undefined";
  const lines = [
    `  Davies-Bouldin index ${index}, mean squared distance ` +
    `${quality.mean_squared_distance.toFixed(3)} (lower is better)`,
  ];
  if (!recovery) return lines;
  const of = (set: keyof typeof recovery) =>
    `${set} features ${recovery[set].all.toFixed(3)}, buyers only ${
      recovery[set].buyers.toFixed(3)
    }`;
  return [
    ...lines,
    "  Planted segments found again (adjusted Rand index, 1 is all):",
    `    ${of("published")}`,
    `    ${of("corrected")}`,
  ];
}

function recommendations(result: RetrainResult, affinity: AffinityResult, ink: Ink): string[] {
  const { quality, split, scores } = affinity;
  const judged = scores
    ? [
      ...scoreTable(scores, ink),
      "",
      `  Learnt from what was known up to ${day(split.splitMicros)}, judged by the ` +
      `${count(split.users_judged)} users who bought something new`,
      "  later; in brackets 95 % intervals; coverage is the share of products shown to anyone",
    ]
    : ["  Nobody bought anything new in the last fifth of the purchases: nothing to judge by"];
  return [
    ...heading("Recommendations", `product_affinity: features as ${result.features}`, ink),
    ...judged,
    "  On the rows it was trained on: " +
    `MAP ${quality.mean_average_precision.toFixed(3)}, ` +
    `NDCG ${quality.normalized_discounted_cumulative_gain.toFixed(3)}, ` +
    `average rank ${percent(quality.average_rank)}`,
    ...(result.features === "published"
      ? [
        "  The published features rate a product by its total sales, the same for every user, and",
        "  match names by substring: for products that fit the user take --features corrected",
      ]
      : []),
  ];
}

function scoreTable(scores: NonNullable<AffinityResult["scores"]>, ink: Ink): string[] {
  const columns: TextColumn[] = [
    { title: "Ten products by" },
    { title: `Recall@${K}` },
    { title: `NDCG@${K}` },
    { title: `MAP@${K}` },
    { title: "Coverage", align: "right" },
  ];
  const row = (name: string, score: Score) => [
    name,
    ...[score.recall, score.ndcg, score.map].map(interval),
    percent(score.coverage),
  ];
  return textTable(columns, [
    row("popularity", scores.popular),
    row("published features", scores.published),
    row("corrected features", scores.corrected),
  ], { paintTitle: (text) => ink("dim", text) });
}

function aboutUser(user: UserResult, result: RetrainResult, ink: Ink): string[] {
  const { cluster, bought = [], recommended } = user;
  const segment = result.user_clusters?.segments.find(({ centroid_id }) =>
    centroid_id === cluster?.centroid_id
  );
  const isUnknown = result.user_clusters && !segment;
  const name = segment ? `${segment.tier}, ${segment.character}` : "";
  const names = bought.slice(0, 3).map(({ item_name }) => item_name ?? "(no name)");
  const more = bought.length > names.length ? ` and ${bought.length - names.length} more` : "";
  return [
    ...heading(`User ${user.user_pseudo_id}`, name, ink),
    ...(isUnknown ? ["  unknown: no event has this user_pseudo_id"] : []),
    ...(cluster ? [`  ${userNumbers(cluster, result)}`] : []),
    ...(names.length > 0 ? [`  bought ${names.join("; ")}${more}`] : []),
    ...(recommended ? productTable(user, ink) : []),
  ];
}

function userNumbers(cluster: NonNullable<UserResult["cluster"]>, { features }: RetrainResult) {
  const [value, orders] = features === "corrected"
    ? ["order value", "orders"]
    : ["item price", "item lines"];
  const minutes = (cluster.total_time_spend_by_user_in_msec ?? 0) / 60_000;
  return [
    `${cluster.session_count ?? 0} sessions`,
    `${minutes.toFixed(1)} minutes`,
    `${cluster.no_of_orders ?? 0} ${orders}`,
    `${value} $${(cluster.average_order_value ?? 0).toFixed(2)}`,
  ].join(", ");
}

function productTable({ recommended = [] }: UserResult, ink: Ink): string[] {
  if (recommended.length === 0) {
    return ["  Nothing to recommend: the model does not know this user"];
  }
  return textTable(
    [
      { title: "#", align: "right" },
      { title: "Recommended" },
      { title: "Group" },
      { title: "Price, $", align: "right" },
      { title: "Confidence", align: "right" },
    ],
    recommended.map((product, i) => [
      String(i + 1),
      product.product_recommended,
      product.product_group ?? "",
      product.price_usd?.toFixed(2) ?? "",
      product.predicted_rating_confidence.toFixed(3),
    ]),
    { paintTitle: (text) => ink("dim", text) },
  );
}

/** In two columns, as there are many. */
function times({ stages }: RetrainResult, ink: Ink): string[] {
  const total = stages.reduce((sum, { seconds }) => sum + seconds, 0);
  const cells = [...stages, { name: "together", seconds: total }].map((
    { name, seconds },
  ) => [name, seconds.toFixed(2)]);
  const half = Math.ceil(cells.length / 2);
  const rows = cells.slice(0, half).map((row, i) => [...row, ...(cells[i + half] ?? [])]);
  const columns: TextColumn[] = [{ title: "Stage" }, { title: "Seconds", align: "right" }];
  const paintTitle = (text: string) => ink("dim", text);
  return [
    ...heading("Time", "", ink),
    ...textTable([...columns, ...columns], rows, { paintTitle }),
    "",
  ];
}

function heading(title: string, note: string, ink: Ink): string[] {
  return ["", ink("bold", title) + (note ? ink("dim", `  ${note}`) : "")];
}
