import { assert, assertEquals, assertRejects } from "@std/assert";
import { isWithin } from "../../../lib/bucket.ts";
import { checkPlace, placeOptions, regionsOf } from "../../../lib/deploy/place.ts";
import { Failure } from "../../../lib/failure.ts";
import { regionOf } from "../../../lib/vertex.ts";
import { openCloud } from "../../open_shop.ts";

Deno.test("models can be served in all regions within the dataset's location, its own first", () => {
  for (const location of ["US", "EU", "eu", "asia-east1"]) {
    const regions = regionsOf(location);
    assertEquals(regions[0], regionOf(location));
    assertEquals(new Set(regions).size, regions.length);
    for (const region of regions) assert(isWithin(region, location), region);
  }
});

Deno.test("the options to a place leave out what is so by default", () => {
  const local = { where: "local", project: "local-cloud", dataset: "ecommerce_public" } as const;
  assertEquals(placeOptions({ ...local, region: "us-central1" }), "");
  assertEquals(
    placeOptions({ where: "cloud", project: "shop-1", dataset: "web", region: "us-east1" }),
    " --project shop-1 --dataset web --region us-east1",
  );
});

Deno.test({
  name: "a region that does not fit the dataset or the bucket is refused before anything is made",
  // The clients keep their connections.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using shop = await openCloud();
    const { session } = shop;
    await checkPlace(session, { region: "us-east1" });
    await assertRejects(
      () => checkPlace(session, { region: "europe-west4" }),
      Failure,
      "Cannot deploy in europe-west4 as the dataset ecommerce_public is in US: leave --region out",
    );
    assertEquals((await session.storage.getBuckets())[0], []);
    await session.storage.bucket("central").create({ location: "US-CENTRAL1" });
    await session.storage.bucket("wide").create({ location: "US" });
    await checkPlace(session, { region: "us-central1", bucket: "central" });
    await checkPlace(session, { region: "us-east1", bucket: "wide" });
    await assertRejects(
      () => checkPlace(session, { region: "us-east1", bucket: "central" }),
      Failure,
      "Cannot deploy in us-east1 as the bucket central is in US-CENTRAL1: name one in us-east1",
    );
  },
});
