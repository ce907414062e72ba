import { assertEquals } from "@std/assert";
import {
  factsBeside,
  meansIn,
  measureOf,
  readPrediction,
  segmentTerms,
  shares,
} from "../../../../../lib/local_cloud/console/page/prediction.js";

Deno.test("clusters are read nearest first, and the nearest is the one the model names", () => {
  const read = readPrediction({
    nearest_centroid_id: [3],
    centroid_distances: [17.1, 142.3, 14.7, 15.7],
    centroid_ids: [1, 2, 3, 4],
  });
  assertEquals(read, {
    kind: "clusters",
    clusters: [
      { id: 3, distance: 14.7, isNearest: true },
      { id: 4, distance: 15.7, isNearest: false },
      { id: 1, distance: 17.1, isNearest: false },
      { id: 2, distance: 142.3, isNearest: false },
    ],
  });
});

Deno.test("lists of one length are lines in the order answered, drawn by their numbers", () => {
  const read = readPrediction({ predicted_item: ["Bell", "Kit"], predicted_rating: [1.2, 1.1] });
  const names = ["predicted_item", "predicted_rating"];
  assertEquals(read, { kind: "columns", names, rows: [["Bell", 1.2], ["Kit", 1.1]] });
  assertEquals(read.kind === "columns" && measureOf(read), 1);
  assertEquals(measureOf({ kind: "columns", names: ["a"], rows: [["x"]] }), -1);
});

Deno.test("anything else is names and values", () => {
  assertEquals(readPrediction(0.5), { kind: "values", values: [["prediction", 0.5]] });
  assertEquals(readPrediction([1, 2]), { kind: "values", values: [["prediction", [1, 2]]] });
  assertEquals(readPrediction({ a: [1, 2], b: [1] }).kind, "values");
  assertEquals(readPrediction({ a: [], b: [] }).kind, "values");
  assertEquals(readPrediction({ a: [1], b: 2 }).kind, "values");
});

Deno.test("bars begin at zero unless a value is negative", () => {
  assertEquals(shares([2, 1]), [1, 0.5]);
  assertEquals(shares([-1, 1]), [0, 1]);
  assertEquals(shares([0, 0]), [0, 0]);
});

Deno.test("each text beside the model is shown under its own name, whatever it is", () => {
  const contents = {
    features: "corrected",
    trained_by: "Ada",
    means: { a: 1 },
    segments: [
      { centroid_id: 2, tier: "Gold", users: 5, kindOf: "gold", note: "", action: "call" },
      { centroid_id: 3, name: "Only" },
    ],
  };
  assertEquals(segmentTerms(contents, 2), [["tier", "Gold"], ["kind of", "gold"], [
    "action",
    "call",
  ]]);
  assertEquals(segmentTerms(contents, 3), [["name", "Only"]]);
  assertEquals(factsBeside(contents), "features: corrected · trained by: Ada");
  for (const other of [contents, undefined, "x", { segments: "x" }]) {
    assertEquals(segmentTerms(other, 1), []);
  }
  for (const other of [undefined, "x", ["x"], { segments: [] }]) {
    assertEquals(factsBeside(other), "");
  }
});

Deno.test("the means beside the model are read where they are numbers", () => {
  assertEquals(meansIn({ means: { a: 1.5, b: "x" } }), { a: 1.5 });
  assertEquals(meansIn(undefined), {});
});
