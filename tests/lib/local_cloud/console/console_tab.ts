/** A browser that looks at a stocked local cloud, and what tests do in it. */
import { assertEquals } from "@std/assert";
import { findChromium, openTab, type Tab } from "../../../chromium.ts";
import { type StockedServer, stockedServer } from "./stocked_server.ts";

const chromium = findChromium();

/** A test with a browser and a stocked server; ignored, and its name says why, without a browser. */
export function browserTest(
  name: string,
  use: (
    tab: Tab,
    at: { url: string; endpoint: string; server: StockedServer },
  ) => Promise<void>,
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
      const page = `/#/endpoints/${project}/${location}/${id}`;
      await use(tab, { url: server.url, endpoint: page, server });
      const foreign = tab.requests.filter((request) =>
        !request.startsWith(`${server.url}/`) && !request.startsWith("data:")
      );
      assertEquals(foreign, [], "something else than the local cloud was asked");
    },
  });
}

/** Holds once a page is shown. */
export const READY = "document.querySelector('h1') && !document.querySelector('main[aria-busy]')";
/** What an element says, as it is seen. */
export const text = (tab: Tab, selector = "main") =>
  tab.value<string>(`document.querySelector(${JSON.stringify(selector)}).innerText`);
/** Clicks the first element that a selector finds. */
export const click = (tab: Tab, selector: string) =>
  tab.value(`document.querySelector(${JSON.stringify(selector)}).click()`);
/** Opens an address afresh. */
export async function open(tab: Tab, url: string) {
  await tab.send("Page.navigate", { url: "about:blank" });
  tab.requests.length = 0;
  await tab.send("Page.navigate", { url });
  await tab.until(READY);
}
/** Gives the window a size in pixels; a narrow one is a phone’s. */
export const size = (tab: Tab, width: number, height: number) =>
  tab.send("Emulation.setDeviceMetricsOverride", {
    ...{ width, height, deviceScaleFactor: 1 },
    mobile: width < 500,
  });
/** Types a text into a field or the request. */
export const write = (tab: Tab, selector: string, value: string) =>
  tab.value(`(() => {
    const field = document.querySelector(${JSON.stringify(selector)});
    field.value = ${JSON.stringify(value)};
    field.dispatchEvent(new Event("input", { bubbles: true }));
  })()`);
/** Searches rows. */
export async function find(tab: Tab, prefix: string) {
  await write(tab, "#pick-prefix", prefix);
  await click(tab, "form.picker button");
  await tab.until("document.querySelector('.found > *')");
}
/** Picks a row and asks about it. */
export async function predictFor(tab: Tab, id: string) {
  await find(tab, id);
  await tab.until("!document.querySelector('button.main').disabled");
  await click(tab, "button.main");
  await tab.until("document.querySelector('.other table')");
}
/** Presses Tab until an element has the focus. */
export async function tabTo(tab: Tab, selector: string) {
  for (let presses = 0; presses < 80; presses++) {
    const found = `document.activeElement?.matches(${JSON.stringify(selector)})`;
    if (await tab.value<boolean>(found)) return;
    await tab.press("Tab");
  }
  throw new Error(`Tab never comes to ${selector}`);
}
