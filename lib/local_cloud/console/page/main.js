// @ts-check
/**
 * The console: shows the page that the address asks for.
 *
 * @module
 */
import { bucketPage } from "./bucket.js";
import { announce, el } from "./dom.js";
import { endpointPage } from "./endpoint.js";
import { readableJson } from "./format.js";
import { modelPage } from "./model.js";
import { overviewPage } from "./overview.js";
import { registryPage } from "./registry.js";
import { ApiError } from "./rest.js";
import { parseRoute } from "./routes.js";
import { tablePage } from "./table.js";

/** @import { Page, PageName, Route } from "./routes.js" */

/** @type {Record<PageName, (route: Route) => Promise<Page>>} */
const PAGES = {
  overview: overviewPage,
  tables: tablePage,
  models: modelPage,
  buckets: bucketPage,
  endpoints: endpointPage,
  registry: registryPage,
};

/** What comes sooner is not worth telling that it is awaited. */
const PATIENCE_MS = 250;

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const trail = /** @type {HTMLElement} */ (document.getElementById("trail"));
const skip = /** @type {HTMLElement} */ (document.getElementById("skip"));
let turns = 0;

/** @param {boolean} isFirst Whether the reader came by the address, not by a link on the page. */
async function show(isFirst) {
  const turn = ++turns;
  const waiting = setTimeout(() => announce("Loading…"), PATIENCE_MS);
  main.setAttribute("aria-busy", "true");
  const page = await pageOf(location.hash).catch(errorPage);
  clearTimeout(waiting);
  if (turn !== turns) return; // the reader has gone on meanwhile
  announce("");
  place(page);
  main.removeAttribute("aria-busy");
  if (isFirst) return;
  scrollTo(0, 0);
  main.querySelector("h1")?.focus();
}

/**
 * @param {string} hash
 * @returns {Promise<Page>}
 */
async function pageOf(hash) {
  const route = parseRoute(hash);
  if (route) return await PAGES[route.page](route);
  const content = el("p", {}, "There is no such page. ", el("a", { href: "#/" }, "See all"), ".");
  return { title: "Not found", content };
}

/** @param {Page} page */
function place({ title, kind, trail: above = [], content }) {
  document.title = `${title} – ${kind ? `${kind} – ` : ""}Local cloud`;
  const separated = above.flatMap((part) => [el("span", { class: "slash" }, "/"), part]);
  trail.replaceChildren(...separated);
  const heading = el(
    "h1",
    { tabindex: -1 },
    kind ? el("span", { class: "kind" }, kind, el("span", { class: "unseen" }, ": ")) : null,
    title,
  );
  const parts = [content].flat().filter((part) => part !== null);
  main.replaceChildren(heading, ...parts);
}

/**
 * @param {unknown} error
 * @returns {Page}
 */
function errorPage(error) {
  const message = error instanceof Error ? error.message : String(error);
  const body = error instanceof ApiError ? error.body : "";
  const again = el("button", { type: "button" }, "Try again");
  again.addEventListener("click", () => show(false));
  return {
    title: "Cannot show this",
    content: [
      el("p", { role: "alert" }, message),
      el("p", {}, again, " ", el("a", { href: "#/" }, "Overview")),
      body === "" ? null : el("pre", {}, readableJson(body)),
    ],
  };
}

skip.addEventListener("click", (event) => {
  event.preventDefault(); // the part after # says which page it is
  main.focus();
});
addEventListener("hashchange", () => show(false));
show(true);
