import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { checkBucketLocation, ensureBucket, isWithin } from "../../lib/bucket.ts";
import { Failure } from "../../lib/failure.ts";
import { openCloud } from "../open_shop.ts";

Deno.test("a bucket is within its dataset's location if it is a part of it, in any case", () => {
  const within = [
    ["US", "us"],
    ["us-east4", "US"],
    ["NAM4", "US"],
    ["EUROPE-WEST4", "EU"],
    ["EUR5", "eu"],
    ["ASIA-EAST1", "asia-east1"],
  ];
  const outside = [
    ["US", "us-central1"],
    ["US-CENTRAL1", "us-east1"],
    ["EU", "US"],
    ["europe-west2", "EU"],
    ["EUROPE-WEST6", "EU"],
    ["NAM4", "EU"],
    ["ASIA-EAST1", "US"],
  ];
  for (const [bucket, dataset] of within) assert(isWithin(bucket, dataset), `${bucket} ${dataset}`);
  for (const [bucket, dataset] of outside) {
    assert(!isWithin(bucket, dataset), `${bucket} ${dataset}`);
  }
});

Deno.test("every location is within itself", () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-zA-Z]+(-[a-z]+\d+)?$/), (place) => {
    assert(isWithin(place.toUpperCase(), place));
  }));
});

Deno.test({
  name: "a bucket is made in a region of the dataset, with uniform access, and found again",
  // The clients keep their connections.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using shop = await openCloud();
    const { session } = shop;
    const bucket = await ensureBucket(session);
    const [metadata] = await bucket.getMetadata();
    assertEquals(
      [
        bucket.name,
        metadata.location,
        metadata.iamConfiguration?.uniformBucketLevelAccess?.enabled,
      ],
      ["local-cloud-ecommerce_public", "US-CENTRAL1", true],
    );
    const [again] = await (await ensureBucket(session)).getMetadata();
    assertEquals(again.timeCreated, metadata.timeCreated);
    await checkBucketLocation(session, bucket);
    await t.step("that of a dataset with capitals has none", async () => {
      const { name } = await ensureBucket({ ...session, dataset: "Shop_A" });
      assert(/^local-cloud-shop_a-[0-9a-f]{12}$/.test(name), name);
    });
    await t.step("a name that no bucket can have is refused with what to do", async () => {
      for (const dataset of ["shop_", "d".repeat(60)]) {
        await assertRejects(
          () => ensureBucket({ ...session, dataset }),
          Failure,
          "at most 63 characters and end in a letter or a digit: name a bucket by --bucket",
        );
      }
      const named = await ensureBucket({ ...session, dataset: "shop_" }, { name: "my-shop" });
      assertEquals(named.name, "my-shop");
    });
    await t.step("one in another location is refused with what to do", async () => {
      const far = session.storage.bucket("far-away");
      await far.create({ location: "EU" });
      await assertRejects(
        () => checkBucketLocation(session, far),
        Failure,
        "Cannot export to the bucket far-away as it is in EU and the dataset in US: name a bucket",
      );
    });
  },
});
