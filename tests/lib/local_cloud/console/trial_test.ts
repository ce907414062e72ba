import { assertEquals, assertStringIncludes } from "@std/assert";
import { browserTest, click, find, open, text, write } from "./console_tab.ts";

browserTest(
  "what the page shows as a command gives in a shell what the page got",
  async (tab, { url, endpoint }) => {
    await open(tab, url + endpoint);
    await write(tab, "#input-visits", "20");
    const command = await tab.value<string>("document.querySelector('.exchange pre').textContent");
    await click(tab, "button.main");
    await tab.until("document.querySelector('.result table')");
    const seen = await tab.value<string>("document.querySelector('.answer').textContent");
    const { stdout } = await new Deno.Command("sh", { args: ["-c", command] }).output();
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), JSON.parse(seen));
  },
);

browserTest("a single row that is found is filled in at once", async (tab, { url, endpoint }) => {
  await open(tab, url + endpoint);
  await find(tab, "c03");
  await tab.until("document.querySelector('#input-visits').value === '1'");
  assertEquals(await text(tab, "form .subject"), "Filled in with the row of customer_id c03.");
  assertEquals(await tab.value("document.activeElement.innerText"), "Predict");
  // spent is NULL there, visits is not
  assertStringIncludes(await text(tab, "#input-spent-note"), "NULL in this row: the mean");
  assertEquals(await text(tab, "#input-visits-note"), "");
  await find(tab, "c05");
  await tab.until("document.querySelector('#input-spent').value === '5.0'");
  assertEquals(await text(tab, "#input-spent-note"), "");
  await write(tab, "#input-spent", "6");
  assertStringIncludes(await text(tab, "form .subject"), "no row’s");
  assertEquals(tab.errors, []);
});

browserTest(
  "nothing is asked, and no command shown, while an input is empty",
  async (tab, { url, endpoint }) => {
    const isDisabled = () => tab.value<boolean>("document.querySelector('button.main').disabled");
    await open(tab, url + endpoint);
    // no mean of visits is known
    assertEquals(await isDisabled(), true);
    assertStringIncludes(await text(tab, "#obstacle"), "Fill in visits first");
    assertEquals(await tab.value("document.querySelector('.command')"), null);
    const draft = await tab.value<string>("document.querySelector('#request').value");
    assertEquals(JSON.parse(draft), { instances: [{ spent: 66.5, visits: null }] });
    await write(tab, "#input-visits", "2");
    assertEquals([await isDisabled(), await text(tab, "#obstacle")], [false, ""]);
    assertStringIncludes(await text(tab, ".command"), '"visits": 2');
    await write(tab, "#input-visits", "");
    assertEquals(await isDisabled(), true);
  },
);

browserTest(
  "one picked row is answered by each endpoint whose inputs it has",
  async (tab, { url, endpoint, server }) => {
    await server.addPurchases();
    await open(tab, url + endpoint);
    assertEquals(await text(tab, "#pick-table"), "d.customers, also for purchases");
    await find(tab, "c12");
    await tab.until("document.querySelector('#input-spent').value === '112.0'");
    assertStringIncludes(await text(tab, "form .subject"), "Predict asks purchases about it too");
    await click(tab, "button.main");
    await tab.until("document.querySelector('.other table')");
    assertStringIncludes(await text(tab, ".headline"), "Cluster");
    const others = await text(tab, ".other");
    for (const part of ["Prediction by purchases", "For customer_id c12", "Bell"]) {
      assertStringIncludes(others, part);
    }
    assertEquals(await tab.value("document.querySelector('.other details').open"), false);
    const [request, command, answer] = await tab.value<string[]>(
      "[...document.querySelectorAll('.other pre')].map((pre) => pre.textContent)",
    );
    assertEquals(JSON.parse(request), { instances: [{ customer_id: "c12" }] });
    const { stdout } = await new Deno.Command("sh", { args: ["-c", command] }).output();
    assertEquals(JSON.parse(new TextDecoder().decode(stdout)), JSON.parse(answer));
    await write(tab, "#input-spent", "1");
    await click(tab, "button.main");
    await tab.until("!document.querySelector('.other')");
    assertEquals(tab.errors, []);
  },
);

browserTest(
  "what the API refuses is shown in its own words, and a request can be edited",
  async (tab, { url, endpoint }) => {
    await open(tab, url + endpoint);
    await write(tab, "#request", '{"instances": []}');
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
    assertEquals(await tab.value("document.querySelector('.command')"), null);
    await write(tab, "#request", '{"instances": [{"spent": 1, "visits": 2}]}');
    await click(tab, "button.main");
    await tab.until("document.querySelector('.result table')");
  },
);
