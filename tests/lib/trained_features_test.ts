import { assertEquals } from "@std/assert";
import {
  type FeatureSet,
  makeProductMatrix,
  makeUserStats,
  withFeatures,
} from "../../lib/features.ts";
import { trainProductAffinity } from "../../lib/product_affinity.ts";
import { renamed } from "../../lib/session.ts";
import { modelNamed, readFeatures } from "../../lib/trained_features.ts";
import { trainUserClusters } from "../../lib/user_clusters.ts";
import { EVENTS } from "../fixtures.ts";
import { openShop } from "../open_shop.ts";

Deno.test({
  name: "each model says which features it was trained on, until it is trained on something else",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using shop = await openShop(EVENTS);
    const { session } = shop;
    const noted = () =>
      Promise.all(["user_clusters", "product_affinity"].map((name) => readFeatures(session, name)));
    const train = async (features: FeatureSet) => {
      const own = withFeatures(session, features);
      await makeUserStats(session, features);
      await makeProductMatrix(session, features);
      await trainUserClusters(own, { clusters: 2 });
      await trainProductAffinity(own, { num_factors: 2 });
    };
    await train("published");
    assertEquals(await noted(), ["published", "published"]);
    await train("corrected");
    assertEquals(await noted(), ["corrected", "corrected"]);
    const other = renamed(session, { user_stats: `${session.dataset}.user_stats_corrected` });
    await trainUserClusters(other, { clusters: 2 });
    assertEquals(await noted(), [undefined, "corrected"]);
    await modelNamed(session, "product_affinity").setMetadata({ labels: { features: "new" } });
    assertEquals(await noted(), [undefined, undefined]);
  },
});
