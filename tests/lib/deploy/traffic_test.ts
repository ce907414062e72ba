import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { answeringBeside, splitTraffic } from "../../../lib/deploy/traffic.ts";
import type { Deployment } from "../../../lib/vertex.ts";

const deployment = (id: string, version: number, percent: number): Deployment => ({
  ...{ id, version, percent, model: "projects/p/locations/l/models/m" },
  ...{ machine: "n1-standard-2", minReplicas: 1, maxReplicas: 1, created: 0 },
});

Deno.test("a new version gets all traffic, or with a canary its share of it", () => {
  const [old, fresh] = [deployment("1", 1, 100), deployment("2", 2, 0)];
  assertEquals(splitTraffic([old, fresh], fresh), { "2": 100 });
  assertEquals(splitTraffic([old, fresh], fresh, 25), { "2": 25, "1": 75 });
});

Deno.test("a canary's share can be raised, and a third version takes the canary's place", () => {
  const [old, canary, third] = [
    deployment("1", 1, 40),
    deployment("2", 2, 60),
    deployment("3", 3, 0),
  ];
  assertEquals(splitTraffic([canary, old], canary, 80), { "2": 80, "1": 20 });
  assertEquals(splitTraffic([canary, old, third], third, 10), { "3": 10, "2": 90 });
  assertEquals(answeringBeside([canary, old, third], third), canary);
});

Deno.test("what answers alone keeps all traffic, also with a canary", () => {
  const only = deployment("1", 1, 100);
  assertEquals(splitTraffic([only], only, 10), { "1": 100 });
  assertEquals(splitTraffic([only, deployment("2", 2, 0)], only, 10), { "1": 100 });
  assertEquals(answeringBeside([only], only), undefined);
});

Deno.test("shares always add up to 100, and none goes to what is not deployed", () => {
  const percents = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 });
  const share = fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined });
  fc.assert(fc.property(percents, share, fc.nat(), (all, canary, pick) => {
    const deployments = all.map((percent, i) => deployment(`${i}`, i + 1, percent));
    const target = deployments[pick % deployments.length];
    const split = splitTraffic(deployments, target, canary);
    assertEquals(Object.values(split).reduce((sum, percent) => sum + percent), 100);
    assert(Object.keys(split).every((id) => deployments.some((each) => each.id === id)));
    assert(split[target.id] > 0);
  }));
});
