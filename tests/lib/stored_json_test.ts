import { assertEquals, assertRejects } from "@std/assert";
import { readJson, writeJson } from "../../lib/stored_json.ts";
import { openCloud } from "../open_shop.ts";

Deno.test({
  name: "JSON comes back from a bucket as it was written, and a missing object is an error",
  // The clients keep their connections.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using shop = await openCloud();
    const [bucket] = await shop.session.storage.createBucket("notes");
    const file = bucket.file("models/a b/assets.extra/ü%.json");
    for (
      const content of [{ names: ["Tee & Tasse", " 5 €"], means: { x: 0.1 } }, [1, null], "text"]
    ) {
      await writeJson(file, content);
      assertEquals(await readJson(file), content);
    }
    const error = await assertRejects(() => readJson(bucket.file("missing.json")), Error);
    assertEquals((error as Error & { code?: number }).code, 404);
  },
});
