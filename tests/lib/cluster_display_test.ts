/** Tables and charts of segments: the numbers under the names of what was really counted. */
import { assert, assertEquals } from "@std/assert";
import {
  figureTable,
  outlierCountTable,
  outlierTable,
  plantedChart,
  profileChart,
  recoveryTable,
  segmentTable,
  userChart,
  userTable,
} from "../../lib/cluster_display.ts";
import { DISPLAY, type Displayed } from "../../lib/display.ts";
import { nameSegments } from "../../lib/segments.ts";

const text = (displayed: Displayed) => String(displayed[DISPLAY]()["text/plain"]);
const numbers = {
  total_time_spend_by_user_in_msec: 90_000,
  average_order_value: 12.5,
  no_of_orders: 3,
};
const SEGMENTS = nameSegments([
  { centroid_id: 1, users: 30, session_count: 1, ...numbers },
  { centroid_id: 2, users: 10, session_count: 9, ...numbers },
]);

Deno.test("published features are called what they count, corrected ones what they are", () => {
  const published = text(segmentTable(SEGMENTS, { title: "t" }));
  assert(published.includes("Item lines") && published.includes("Price per item"));
  const corrected = text(segmentTable(SEGMENTS, { title: "t", features: "corrected" }));
  assert(corrected.includes("Orders") && corrected.includes("Order value"));
  assert(/Platinum +premium +2 +10 +9\.0 +1 min 30 s +3\.0 +\$12\.50/.test(corrected));
});

Deno.test("a user is shown with the user's own numbers and the name of the cluster", () => {
  const user = { user_pseudo_id: "ann", centroid_id: 2, session_count: 4, ...numbers };
  const shown = text(userTable(user, { title: "One", segments: SEGMENTS }));
  assert(/ann +Platinum +premium +4 +1 min 30 s +3 +\$12\.50/.test(shown));
});

Deno.test("an outlier is shown with the name of the nearest cluster", () => {
  const user = { user_pseudo_id: "ann", centroid_id: 2, session_count: 4, ...numbers };
  const far = [{ ...user, normalized_distance: 2.345 }];
  assert(
    /ann +2\.3 +2 +premium +4/.test(text(outlierTable(far, { title: "t", segments: SEGMENTS }))),
  );
});

Deno.test("outliers are counted beside the sizes of the clusters", () => {
  const count = { centroid_id: 2, users: 12, nonbuyers: 3, outliers: 2, nonbuyer_outliers: 1 };
  const shown = text(outlierCountTable([count], { title: "t", segments: SEGMENTS }));
  assert(/2 +premium +10 +12 +3 +2 +1/.test(shown), shown);
});

Deno.test("what is counted is a whole number, what is a mean is not", () => {
  const figures = [
    { figure: "users", published: 5000, corrected: 5000 },
    { figure: "mean", published: 70.84, corrected: null },
  ];
  const shown = text(figureTable(figures, { title: "t" }));
  assert(/users +5,000 +5,000\n/.test(shown) && /mean +70\.8 +–/.test(shown), shown);
});

Deno.test("a profile names the published features as what they count", async () => {
  const score = { character: "bronze", score: 1 } as const;
  const scores = ["visits", "orders", "order value"].map((feature) => ({ ...score, feature }));
  const namesOf = async (features: "published" | "corrected") => {
    const svg = String(
      (await profileChart(scores, { title: "t", features }))[DISPLAY]()["image/svg+xml"],
    );
    return ["visits", "item lines", "price per item", "orders", "order value"]
      .filter((name) => svg.includes(`>${name}<`));
  };
  assertEquals(await namesOf("published"), ["visits", "item lines", "price per item"]);
  assertEquals(await namesOf("corrected"), ["visits", "orders", "order value"]);
});

Deno.test("a recovery has a row for each kind of features", () => {
  const shown = text(recoveryTable({ first: { all: 0.5, buyers: 1 } }, { title: "Found" }));
  assert(/first +0\.50 +1\.00/.test(shown));
});

Deno.test("users without attention are not on the logarithmic chart", async () => {
  const user = { user_pseudo_id: "a", session_count: 1, ...numbers };
  const none = { ...user, total_time_spend_by_user_in_msec: null };
  assert(text(await userChart([user, none], { title: "Users" })).includes("of 1 row"));
});

Deno.test("planted segments are charted by character, or by cluster where there are no names", async () => {
  const row = { segment: "premium", users: 2, share: 1 };
  const named = await plantedChart([{ ...row, character: "bronze" }], { title: "t" });
  const unnamed = await plantedChart([{ ...row, centroid_id: 1 }], { title: "t" });
  const specs = [named, unnamed].map((chart) => JSON.stringify(chart[DISPLAY]()));
  assertEquals(specs.map((spec) => spec.includes("number of the cluster")), [false, true]);
});
