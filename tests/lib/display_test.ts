import { assert, assertEquals, assertMatch, assertNotMatch, assertRejects } from "@std/assert";
import {
  barChart,
  DISPLAY,
  type Displayed,
  funnelChart,
  heatmap,
  intervalChart,
  lineChart,
  scatterChart,
} from "../../lib/display.ts";

const SEGMENTS = [
  { segment: "bronze", users: 9045, spend: 40, low: 30, high: 52, sessions: 1 },
  { segment: "premium", users: 130, spend: 100, low: 90, high: 112, sessions: 12 },
  { segment: "to engage", users: 2410, spend: 60, low: 50, high: 72, sessions: 3 },
  { segment: "selective spender", users: 820, spend: 80, low: 70, high: 92, sessions: 4 },
];

const CHARTS: Record<string, () => Promise<Displayed>> = {
  bar: () => barChart(SEGMENTS, { x: "segment", y: "users", color: "segment", title: "Bars" }),
  line: () => lineChart(SEGMENTS, { x: "sessions", y: "users", title: "Line" }),
  scatter: () =>
    scatterChart(SEGMENTS, {
      x: { field: "sessions", scale: "log" },
      y: "spend",
      color: "segment",
      size: "users",
      title: "Scatter",
    }),
  heat: () =>
    heatmap(SEGMENTS, {
      x: "sessions",
      y: "segment",
      color: "spend",
      diverging: true,
      title: "Heat",
    }),
  interval: () =>
    intervalChart(SEGMENTS, {
      x: { field: "spend", low: "low", high: "high", unit: "$" },
      y: "segment",
      title: "Intervals",
    }),
  funnel: () => funnelChart(SEGMENTS, { stage: "segment", value: "users", title: "Funnel" }),
  panels: () =>
    barChart(SEGMENTS, {
      x: "sessions",
      y: "users",
      facet: { field: "segment", columns: 2 },
      facetScales: "independent",
      title: "Panels",
      source: "the sample shop",
    }),
};

interface Spec {
  data: { values: Record<string, unknown>[] };
  layer: { encoding: Record<string, { scale?: { domain: string[]; range: string[] } }> }[];
}

async function bundleOf(chart: Promise<Displayed>) {
  const bundle = (await chart)[DISPLAY]();
  return {
    types: Object.keys(bundle),
    spec: bundle["application/vnd.vegalite.v5+json"] as Spec,
    svg: String(bundle["image/svg+xml"]),
    text: String(bundle["text/plain"]),
  };
}

Deno.test("a chart is an interactive specification, a picture and a line of text", async () => {
  for (const draw of Object.values(CHARTS)) {
    const { types, spec, svg, text } = await bundleOf(draw());
    assertEquals(types, ["application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"]);
    assertEquals(JSON.parse(JSON.stringify(spec)), spec);
    assertMatch(svg, /^<svg role="img" aria-label="[^"]+ of 4 rows[^"]*" .*viewBox=/);
    assertMatch(text, /^\w+ · .* of 4 rows/);
    assertNotMatch(svg, /NaN|undefined|Infinity/);
  }
});

Deno.test("the same rows give the same bytes, whatever was drawn in between or at once", async () => {
  const draw = () => Promise.all(Object.values(CHARTS).map((one) => bundleOf(one())));
  const first = await draw();
  const again = await bundleOf(CHARTS.heat());
  assertEquals(await draw(), first);
  assertEquals(first.find(({ text }) => text === again.text), again);
});

Deno.test("charts on one page share no id", async () => {
  const charts = await Promise.all(Object.values(CHARTS).map((draw) => bundleOf(draw())));
  const ids = charts.flatMap(({ svg }) => [...svg.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id));
  assertEquals(new Set(ids).size, ids.length);
});

Deno.test("drawing says nothing on the terminal", async () => {
  const charts = `import * as d from "${new URL("../../lib/display.ts", import.meta.url)}";
    await d.scatterChart([{ a: 1, b: 10 }], { x: "a", y: { field: "b", scale: "log" }, title: "t" });
    await d.barChart([{ a: "x", b: -1 }], { x: "b", y: "a", title: "t" });`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", charts],
    cwd: new URL("../..", import.meta.url),
  }).output();
  const decoder = new TextDecoder();
  assertEquals(decoder.decode(stdout) + decoder.decode(stderr), "");
});

Deno.test("a segment has its colour and its place in the legend, however it is written", async () => {
  const rows = SEGMENTS.map((row) => ({ ...row, segment: row.segment.replace(" ", "_") }));
  const { spec } = await bundleOf(
    barChart(rows, { x: "segment", y: "users", color: "segment", title: "Bars" }),
  );
  assertEquals(spec.layer[0].encoding.color.scale, {
    domain: ["premium", "selective_spender", "to_engage", "bronze"],
    range: ["#0072b2", "#cc6fa5", "#009e73", "#a84a00"],
  });
});

Deno.test("a chart holds only its fields, with six digits", async () => {
  const rows = [{ day: new Date(0), n: 1 / 3, other: 1 }, { day: new Date(1e8), n: 7n, other: 2 }, {
    day: new Date(2e8),
    n: NaN,
    other: 3,
  }];
  const { spec } = await bundleOf(lineChart(rows, { x: "day", y: "n", title: "Days" }));
  assertEquals(spec.data.values, [
    { day: "1970-01-01T00:00:00.000Z", n: 0.333333 },
    { day: "1970-01-02T03:46:40.000Z", n: 7 },
    { day: "1970-01-03T07:33:20.000Z", n: null },
  ]);
});

Deno.test("long names are cut, not hidden, and the chart keeps its width", async () => {
  const rows = [{ product: "A".repeat(90), n: 12345 }, { product: "B", n: -3000 }];
  const { svg } = await bundleOf(barChart(rows, { x: "product", y: "n", title: "Long" }));
  assertMatch(svg, />A+…</);
  assertMatch(svg, /viewBox="0 0 560 /);
});

Deno.test("panels with legends, long headings or numbers of their own are no wider than a chart", async () => {
  const rows = Array.from({ length: 24 }, (_, i) => ({
    ...{ x: i, y: 1000 * i, size: (i * 37) % 3000, segment: SEGMENTS[i % 4].segment },
    measure: `mean squared distance ${i % 4} (less is better)`,
  }));
  const panels = { x: "x", y: "y", title: "Panels", facet: "measure" };
  const charts = [
    scatterChart(rows, { ...panels, size: "size", color: "segment", facet: "segment" }),
    scatterChart(rows, { ...panels, size: "size" }),
    lineChart(rows, { ...panels, facetScales: "independent" }),
    lineChart(rows, { ...panels, color: "measure" }),
  ];
  for (const chart of charts) {
    const { svg } = await bundleOf(chart);
    assert(Number(/viewBox="0 0 ([\d.]+) /.exec(svg)?.[1]) <= 560, svg.slice(0, 200));
    for (const word of ["(less", "is", "better)"]) {
      assert(svg.includes(word) || !svg.includes("mean"));
    }
  }
});

Deno.test("a time axis tells the year, once where there is one", async () => {
  const days = (...dates: string[]) =>
    bundleOf(
      lineChart(dates.map((day, n) => ({ day, n })), { x: "day", y: "n", title: "Days" }),
    );
  const one = await days("2020-11-01", "2020-11-20", "2020-12-24");
  assertMatch(one.svg, />Day \(2020\)</);
  assertMatch(one.svg, />\d+ Nov</);
  const two = await days("2020-11-01", "2020-12-20", "2021-01-24");
  assertMatch(two.svg, />Day</);
  assertMatch(two.svg, />\d+ Nov 2020</);
});

Deno.test("a symlog axis begins at zero, ends at a round number and has ticks all along", async () => {
  const rows = [0, 5, 40, 598].map((value, i) => ({ i, value }));
  const { svg } = await bundleOf(
    scatterChart(rows, { x: "i", y: { field: "value", scale: "symlog" }, title: "Symlog" }),
  );
  for (const tick of [0, 3, 10, 30, 100, 300, 600]) assert(svg.includes(`>${tick}<`), `${tick}`);
});

Deno.test("a log axis has plain ticks", async () => {
  const rows = [1, 10, 100, 1000, 20_000].map((n) => ({ n, m: n }));
  const { svg } = await bundleOf(
    scatterChart(rows, { x: { field: "n", scale: "log" }, y: "m", title: "Log" }),
  );
  for (const tick of ["1", "10", "100", "1k", "10k"]) assert(svg.includes(`>${tick}<`), tick);
});

Deno.test("titles and names are escaped in the picture", async () => {
  const rows = [{ "a.b[0]": "<script>", n: 1 }, { "a.b[0]": '"&', n: 2 }];
  const { svg } = await bundleOf(
    barChart(rows, { x: "a.b[0]", y: "n", title: '<img src="x">' }),
  );
  assertNotMatch(svg, /<(script|img)/);
  assertMatch(svg, />&lt;script&gt;</);
});

Deno.test("a chart that cannot be drawn says why", async () => {
  const options = { x: "sessions", y: "spend", title: "t" };
  const refused: [() => Promise<Displayed>, new (message: string) => Error, string][] = [
    [() => lineChart([], options), RangeError, "there are no rows"],
    [
      () => lineChart(SEGMENTS, { ...options, y: "spent" }),
      TypeError,
      '"spent" as the rows have none of that name: there are segment, users, spend, low, high',
    ],
    [
      () =>
        barChart(SEGMENTS, { x: "users", y: "segment", horizontal: true, title: "t", facet: "no" }),
      TypeError,
      '"no" as the rows have none',
    ],
    [
      () => barChart([{ a: "x", b: "much" }], { x: "a", y: "b", title: "t" }),
      TypeError,
      '"b" as a number as it holds "much"',
    ],
    [
      () => scatterChart(Array(5001).fill(SEGMENTS[0]), options),
      RangeError,
      "sample or aggregate them first",
    ],
    [
      () => scatterChart([{ a: 0, b: 1 }], { x: { field: "a", scale: "log" }, y: "b", title: "t" }),
      RangeError,
      '"a" on a log scale',
    ],
    [
      () =>
        lineChart(Array.from({ length: 8 }, (_, i) => ({ i, c: `c${i}` })), {
          x: "i",
          y: "i",
          color: "c",
          title: "t",
        }),
      RangeError,
      "it has 8 values: group the rare ones",
    ],
  ];
  for (const [draw, error, sentence] of refused) {
    await assertRejects(async () => void await draw(), error, sentence);
  }
});

Deno.test("1,500 points take less than a third of a megabyte", async () => {
  const rows = Array.from({ length: 1500 }, (_, i) => ({
    x: Math.sin(i) * 3.7,
    y: Math.cos(i * 7) / 3,
    c: SEGMENTS[i % 4].segment,
  }));
  const { spec, svg } = await bundleOf(
    scatterChart(rows, { x: "x", y: "y", color: "c", title: "Many" }),
  );
  assert(svg.length + JSON.stringify(spec).length < 350_000);
});
