import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  browserTest,
  click,
  find,
  open,
  predictFor,
  READY,
  size,
  tabTo,
  text,
} from "./console_tab.ts";
import { MARKUP } from "./stocked_server.ts";

browserTest(
  "from the overview to an endpoint, a row is picked and its cluster is seen",
  async (tab, { url }) => {
    await open(tab, url);
    assertStringIncludes(await text(tab), "1 dataset · 1 table · 1 model · 1 bucket · 1 endpoint");
    await click(tab, "a[href^='#/endpoints/']");
    await tab.until("document.querySelector('.trial')");
    assertEquals(await tab.value("document.title"), "groups – Endpoint – Local cloud");
    assertEquals(await tab.value("document.activeElement.tagName"), "H1");
    assertStringIncludes(await text(tab), "100 %");
    assertStringIncludes(await text(tab, "form .subject"), "averages of training");
    await find(tab, "c1");
    assertEquals(await tab.value("document.querySelectorAll('.found tbody tr').length"), 10);
    assertStringIncludes(await text(tab, "form .subject"), "averages of training");
    const third = ".found tbody tr:nth-child(3)";
    assertEquals(
      await tab.value(`document.querySelector("${third} button").getAttribute("aria-label")`),
      "Use this row: customer_id c12",
    );
    await click(tab, `${third} button`);
    assertStringIncludes(await text(tab, "form .subject"), "customer_id c12");
    assertEquals(await tab.value(`document.querySelector("${third}").ariaCurrent`), "true");
    assertEquals(await tab.value("document.querySelector('#input-spent').value"), "112.0");
    await click(tab, "button.main");
    await tab.until("document.querySelector('.result table')");
    const [rows, answer] = await tab.value<[string[], string]>(
      "[[...document.querySelectorAll('.result tbody tr')].map((row) => row.innerText), " +
        "document.querySelector('.answer').textContent]",
    );
    const { predictions: [{ nearest_centroid_id: [nearest] }] } = JSON.parse(answer);
    assertEquals(rows.length, 2);
    assertStringIncludes(rows[0], "nearest");
    assert(rows[0].startsWith(String(nearest)), rows[0]);
    const name = nearest === 1 ? "One" : "Two";
    assertEquals(await text(tab, ".headline"), `Cluster ${nearest}`);
    const terms = await text(tab, ".result dl");
    assertEquals(terms.split(/\n+/).slice(0, 3), ["Tier", name, "Action"]);
    assertStringIncludes(await text(tab, "#status"), `Cluster ${nearest}, tier: ${name}`);
    assertStringIncludes(await text(tab, ".result"), "For customer_id c12");
    assertStringIncludes(await text(tab, ".result"), "Answered by version 1 · features: plain");
    assertEquals(await tab.value("document.querySelectorAll('main img').length"), 0);
    await tab.value("history.back()");
    await tab.until(`document.querySelector('h1').innerText === 'Overview' && ${READY}`);
    assertEquals(tab.errors, []);
  },
);

browserTest(
  "a registered model's page has each version, and where it is deployed with what traffic",
  async (tab, { url, endpoint, server }) => {
    await server.addVersion();
    await server.registerIn("europe-west4");
    await open(tab, url);
    const registered = await tab.value<string[]>(
      "[...document.querySelectorAll(\"tr:has(th a[href^='#/registry/'])\")].map((row) => row.innerText)",
    );
    assertEquals(registered.map((line) => line.split("\t").slice(0, 4)), [
      ["groups", "europe-west4", "1", "1"],
      ["groups", "us-central1", "2", "1"],
    ]);
    await click(tab, "th a[href^='#/registry/proj-1/us-central1/']");
    await tab.until("document.title.startsWith('groups – Registered model')");
    const lines = await tab.value<string[]>(
      "[...document.querySelectorAll('main tbody > tr')].map((row) => row.innerText)",
    );
    assertEquals(lines.length, 2);
    for (const [line, parts] of [[lines[0], ["2", "10 %"]], [lines[1], ["1", "90 %"]]] as const) {
      for (const part of [...parts, "groups", "features: plain"]) assertStringIncludes(line, part);
    }
    assertEquals(lines.filter((line) => line.includes("default")).length, 1);
    assertStringIncludes(await text(tab), "us-central1");
    await click(tab, "main tbody a[href^='#/endpoints/']");
    await tab.until(`location.hash === '${endpoint.slice(1)}' && document.querySelector('.trial')`);
    await click(tab, "main a[href*='version=1']");
    await tab.until("document.querySelector('tr[aria-current]')");
    assertEquals(await text(tab, "tr[aria-current] th"), "1");
    assertEquals(tab.errors, []);
  },
);

browserTest("all of it is done by the keyboard alone", async (tab, { url }) => {
  await open(tab, url);
  await tab.press("Tab");
  assertEquals(await tab.value("document.activeElement.id"), "skip");
  await tab.press("Enter");
  assertEquals(await tab.value("document.activeElement.id"), "main");
  await tabTo(tab, "a[href^='#/endpoints/']");
  await tab.press("Enter");
  await tab.until("document.querySelector('.trial') && document.activeElement.tagName === 'H1'");
  await tabTo(tab, "#input-visits");
  const outline = await tab.value("getComputedStyle(document.activeElement).outlineStyle");
  assertEquals(outline, "solid");
  await tab.press("21", "Enter");
  await tab.until("document.querySelector('.result table')");
  assertStringIncludes(await text(tab, "#status"), "Cluster");
  await tab.value("document.querySelector('h1').focus()");
  await tabTo(tab, "#pick-prefix");
  await tab.press("c12", "Enter");
  await tab.until("document.activeElement.innerText === 'Predict'");
  await tab.press("Enter");
  await tab.until("document.querySelector('.about')?.innerText === 'For customer_id c12'");
});

browserTest(
  "stored texts are shown as texts, and NULL is told from an empty one",
  async (tab, { url }) => {
    await open(tab, `${url}/#/tables/proj-1/d/customers`);
    const cells = await tab.value<string[]>(
      "[...document.querySelectorAll('.rows > tbody > tr > td:nth-of-type(4)')].map((cell) => cell.innerText)",
    );
    assertEquals([...new Set(cells)].sort(), [MARKUP, "NULL", "empty text"].sort());
    assertStringIncludes(await text(tab, ".pager"), "1–50 of 60");
    await tab.value(
      "[...document.querySelectorAll('.pager a')].find((a) => a.innerText === 'Next').click()",
    );
    await tab.until("document.querySelector('.pager')?.innerText.includes('51–60 of 60')");
    await open(tab, `${url}/#/buckets/files?prefix=folder%2F`);
    assertStringIncludes(await text(tab), `${MARKUP}.txt`);
    assertEquals(await tab.value("document.querySelectorAll('main img').length"), 0);
    const link = await tab.value<string>("document.querySelector('a[download]').href");
    assertEquals(await (await fetch(link)).text(), "hello");
    assertEquals(tab.errors, []);
  },
);

browserTest("a model's page has its clusters, its loss and its features", async (tab, { url }) => {
  await open(tab, `${url}/#/models/proj-1/d/groups`);
  const page = await text(tab);
  for (const part of ["KMEANS", "Centroids", "spent", "Mean squared distance", "NUM CLUSTERS"]) {
    assertStringIncludes(page.toLowerCase(), part.toLowerCase());
  }
  assert(await tab.value<number>("document.querySelectorAll('.chart circle').length") > 0);
  assertEquals(tab.errors, []);
});

browserTest(
  "no page moves sideways on a phone, and every table cell has its heads",
  async (tab, { url, endpoint, server }) => {
    await server.addPurchases();
    await size(tab, 390, 844);
    const tables = ["tables/proj-1/d/customers", "models/proj-1/d/groups", "buckets/files"];
    await open(tab, url);
    const registry = await tab.value<string>(
      "document.querySelector('a[href^=\"#/registry/\"]').hash",
    );
    const pages = ["/#/", ...tables.map((page) => `/#/${page}`), `/${registry}`, "/#/nonsense"];
    for (const page of [...pages, endpoint]) {
      await open(tab, url + page);
      if (page === endpoint) await predictFor(tab, "c12");
      const over = await tab.value<number>("document.documentElement.scrollWidth - innerWidth");
      assert(over <= 0, `${page} is ${over} pixels too wide`);
      const bare = await tab.value<number>(
        "document.querySelectorAll('main th:not([scope])').length",
      );
      assertEquals(bare, 0);
      const unlabelled = await tab.value<number>(
        "[...document.querySelectorAll('input, select, textarea')].filter((c) => !c.labels.length).length",
      );
      assertEquals(unlabelled, 0);
    }
  },
);
