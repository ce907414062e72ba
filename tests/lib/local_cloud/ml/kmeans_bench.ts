/** k-means over 270 000 rows of 4 columns beside a plain implementation over lists. */
import { kmeans } from "../../../../lib/local_cloud/ml/kmeans.ts";
import { fillNormal, uniformFrom } from "../../../../lib/local_cloud/ml/random.ts";

const COUNT = 270_000;
const rows = new Float64Array(COUNT * 4);
fillNormal(rows, 1, uniformFrom(1));
for (let at = 0; at < rows.length; at++) rows[at] = Math.exp(rows[at]); // skewed, as spending is
const lists = Array.from({ length: COUNT }, (_, i) => [...rows.subarray(4 * i, 4 * i + 4)]);

function plainKMeans(centroids: number[][], iterations: number): number[][] {
  for (let iteration = 0; iteration < iterations; iteration++) {
    const sums = centroids.map((c) => ({ sum: c.map(() => 0), size: 0 }));
    for (const row of lists) {
      const apart = centroids.map((c) => c.reduce((s, v, j) => s + (row[j] - v) ** 2, 0));
      const own = sums[apart.indexOf(Math.min(...apart))];
      row.forEach((v, j) => own.sum[j] += v);
      own.size++;
    }
    centroids = sums.map(({ sum, size }) => sum.map((v) => v / size));
  }
  return centroids;
}

const options = { clusters: 4, earlyStop: false, maxIterations: 20 };
const initialRows = [0, 1, 2, 3];

Deno.bench({ name: "plain lists, 20 iterations", group: "kmeans", baseline: true, n: 3 }, () => {
  plainKMeans(lists.slice(0, 4), 20);
});
Deno.bench({ name: "kmeans, 20 iterations, CUSTOM", group: "kmeans", n: 10 }, () => {
  kmeans(rows, 4, { ...options, initMethod: "CUSTOM", initialRows });
});
Deno.bench(
  { name: "kmeans, 20 iterations, RANDOM with its trials", group: "kmeans", n: 10 },
  () => {
    kmeans(rows, 4, { ...options, initMethod: "RANDOM" });
  },
);
Deno.bench(
  { name: "kmeans, 20 iterations, KMEANS++ with its trials", group: "kmeans", n: 10 },
  () => {
    kmeans(rows, 4, { ...options, initMethod: "KMEANS++" });
  },
);
