/** The walk-through's statements, word for word, through Google's client and over the sample. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { loadEvents, SAMPLE } from "../lib/events.ts";
import { readStatement } from "../lib/sql.ts";
import { openCloud } from "./open_shop.ts";

Deno.test({
  name: "every published statement runs as it was published",
  // The clients keep their connections.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using shop = await openCloud();
    const { bigquery } = shop.session;
    await loadEvents(shop.session, { file: SAMPLE });
    const run = async (name: string) => {
      const [rows] = await bigquery.query(await readStatement(shop.session, `published/${name}`));
      return rows;
    };

    await t.step("user_stats yields one row a user", async () => {
      const rows = await run("user_stats");
      assertEquals(rows.length, 5000);
      assertEquals(Object.keys(rows[0]), [
        "session_count",
        "total_time_spend_by_user_in_msec",
        "average_order_value",
        "no_of_orders",
      ]);
      assertEquals(rows.filter(({ no_of_orders }) => no_of_orders === null).length, 3491);
    });

    await t.step(
      "create_user_clusters trains, and predict_user_cluster finds the user's",
      async () => {
        assertEquals(await run("create_user_clusters"), []);
        const [row, ...others] = await run("predict_user_cluster");
        assertEquals(others, []);
        assertEquals(row.user_pseudo_id, "5053424.7664335544");
        assert([1, 2, 3, 4].includes(row.CENTROID_ID));
        assert(!("NEAREST_CENTROIDS_DISTANCE" in row));
      },
    );

    await t.step("getratingbasedonProduct is made, and user_product_matrix uses it", async () => {
      assertEquals(await run("getratingbasedonProduct"), []);
      const rows = await run("user_product_matrix");
      assertGreater(rows.length, 100_000);
      const [[tee]] = await bigquery.query(`
        SELECT SUM(items.quantity) AS sold
        FROM ecommerce_public.events_flat_data, UNNEST(items) AS items
        WHERE event_name = 'purchase' AND items.item_name = 'Tee'`);
      const rated = rows.filter((row) => row.product_recommended.trim() === "Tee");
      assertGreater(rated.length, 0);
      assert(rated.every(({ rating }) => rating === tee.sold));
    });

    await t.step(
      "create_product_affinity trains, and its evaluation has the four metrics",
      async () => {
        assertEquals(await run("create_product_affinity"), []);
        const [metrics] = await run("evaluate_product_affinity");
        assertEquals(Object.keys(metrics), [
          "mean_average_precision",
          "mean_squared_error",
          "normalized_discounted_cumulative_gain",
          "average_rank",
        ]);
        assert(Object.values(metrics).every((value) => Number.isFinite(value)));
      },
    );

    await t.step("recommend_for_a_user yields five products, the best first", async () => {
      const rows = await run("recommend_for_a_user");
      assertEquals(rows.length, 5);
      assert(rows.every(({ user_pseudo_id }) => user_pseudo_id === "2534169.4418845320"));
      const scores = rows.map(({ predicted_rating_confidence }) => predicted_rating_confidence);
      assertEquals(scores, scores.toSorted((a, b) => b - a));
    });
  },
});
