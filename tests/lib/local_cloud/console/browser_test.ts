import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { findChromium, openTab, type Tab } from "../../../chromium.ts";
import { MARKUP, stockedServer } from "./stocked_server.ts";

const chromium = findChromium();

/** A test with a browser and a stocked server; ignored, and its name says why, without a browser. */
function browserTest(
  name: string,
  use: (tab: Tab, at: { url: string; endpoint: string }) => Promise<void>,
) {
  Deno.test({
    name: chromium ? name : `${name} (no Chromium)`,
    ignore: chromium === undefined,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using server = await stockedServer();
      await using tab = await openTab(chromium!);
      const endpoint = server.endpoint?.split("/") ?? [];
      const [, project, , location, , id] = endpoint;
      await use(tab, { url: server.url, endpoint: `/#/endpoints/${project}/${location}/${id}` });
      const foreign = tab.requests.filter((request) =>
        !request.startsWith(`${server.url}/`) && !request.startsWith("data:")
      );
      assertEquals(foreign, [], "something else than the local cloud was asked");
    },
  });
}

const READY = "document.querySelector('h1') && !document.querySelector('main[aria-busy]')";
const text = (tab: Tab, selector = "main") =>
  tab.value<string>(`document.querySelector(${JSON.stringify(selector)}).innerText`);
const click = (tab: Tab, selector: string) =>
  tab.value(`document.querySelector(${JSON.stringify(selector)}).click()`);
/** Opens an address afresh. */
async function open(tab: Tab, url: string) {
  await tab.send("Page.navigate", { url: "about:blank" });
  tab.requests.length = 0;
  await tab.send("Page.navigate", { url });
  await tab.until(READY);
}
const size = (tab: Tab, width: number, height: number) =>
  tab.send("Emulation.setDeviceMetricsOverride", {
    ...{ width, height, deviceScaleFactor: 1 },
    mobile: width < 500,
  });
/** Presses Tab until an element has the focus. */
async function tabTo(tab: Tab, selector: string) {
  for (let presses = 0; presses < 80; presses++) {
    const found = `document.activeElement?.matches(${JSON.stringify(selector)})`;
    if (await tab.value<boolean>(found)) return;
    await tab.press("Tab");
  }
  throw new Error(`Tab never comes to ${selector}`);
}

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
    await tab.value("document.querySelector('#pick-prefix').value = 'c1'");
    await click(tab, "form.picker button");
    await tab.until("document.querySelectorAll('.found tbody tr').length === 10");
    await click(tab, ".found tbody tr:nth-child(3) button");
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
    assertStringIncludes(await text(tab, ".headline"), `Cluster ${nearest} ${name}`);
    assertStringIncludes(await text(tab, "#status"), `Cluster ${nearest}, ${name}`);
    assertEquals(await tab.value("document.querySelectorAll('main img').length"), 0);
    await tab.value("history.back()");
    await tab.until(`document.querySelector('h1').innerText === 'Overview' && ${READY}`);
    assertEquals(tab.errors, []);
  },
);

browserTest(
  "what the page shows as a command gives in a shell what the page got",
  async (tab, { url, endpoint }) => {
    await open(tab, url + endpoint);
    await tab.value(`(() => {
    const field = document.querySelector("#input-visits");
    field.value = "20";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  })()`);
    const command = await tab.value<string>("document.querySelector('.exchange pre').textContent");
    await click(tab, "button.main");
    await tab.until("document.querySelector('.result table')");
    const seen = await tab.value<string>("document.querySelector('.answer').textContent");
    const { stdout } = await new Deno.Command("sh", { args: ["-c", command] }).output();
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), JSON.parse(seen));
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
});

browserTest(
  "what the API refuses is shown in its own words, and a request can be edited",
  async (tab, { url, endpoint }) => {
    await open(tab, url + endpoint);
    await tab.value(`(() => {
    const request = document.querySelector("#request");
    request.value = '{"instances": []}';
    request.dispatchEvent(new Event("input", { bubbles: true }));
  })()`);
    assertStringIncludes(await text(tab, ".exchange pre"), `-d '{"instances": []}'`);
    await click(tab, "button.main");
    await tab.until("document.querySelector('.result [role=alert]')");
    const { error } = JSON.parse(
      await tab.value<string>("document.querySelector('.answer').textContent"),
    );
    assertEquals(error.code, 400);
    assertEquals(await text(tab, ".result [role=alert]"), error.message);
  },
);

browserTest(
  "a model whose files are gone can still be asked by hand",
  async (tab, { url, endpoint }) => {
    const file = encodeURIComponent("models/groups/saved_model.pb");
    await (await fetch(`${url}/storage/v1/b/files/o/${file}`, { method: "DELETE" })).body?.cancel();
    await open(tab, url + endpoint);
    assertStringIncludes(await text(tab, ".trial [role=alert]"), "saved_model.pb");
    await tab.value(`(() => {
      document.querySelector("#request").value = '{"instances": [{"spent": 1, "visits": 2}]}';
    })()`);
    await click(tab, "button.main");
    await tab.until("document.querySelector('.result table')");
  },
);

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
  async (tab, { url, endpoint }) => {
    await size(tab, 390, 844);
    const tables = ["tables/proj-1/d/customers", "models/proj-1/d/groups", "buckets/files"];
    for (const page of ["/#/", ...tables.map((page) => `/#/${page}`), endpoint, "/#/nonsense"]) {
      await open(tab, url + page);
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
