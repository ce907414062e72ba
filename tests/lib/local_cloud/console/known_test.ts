import { assertEquals } from "@std/assert";
import { knownPlaces } from "../../../../lib/local_cloud/console/known.ts";

Deno.test("each project and each region is told once, by name", () => {
  const names = [
    "projects/b/locations/us-central1/endpoints/2",
    "projects/a/locations/europe-west4/models/1",
    "projects/b/locations/us-central1/models/3",
  ];
  assertEquals(knownPlaces(["z", "a", "z"], names), {
    projects: ["a", "z"],
    locations: [
      { project: "a", location: "europe-west4" },
      { project: "b", location: "us-central1" },
    ],
  });
});
