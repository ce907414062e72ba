// @ts-check
/// <reference lib="dom" />
/**
 * What is asked and answered, as it goes over the wire.
 *
 * @module
 */
import { announce, el } from "./dom.js";
import { curlText } from "./request.js";

/**
 * @typedef {object} Exchange What is asked and answered, as it goes over the wire.
 * @property {string} url
 * @property {Node} view
 * @property {(body: string) => void} ask Shows another request.
 * @property {() => string} request What is to be sent.
 * @property {(body: string) => void} answer Shows what came back.
 */

/**
 * @param {string} url Where it is sent, without the origin.
 * @returns {Exchange}
 */
export function exchangeView(url) {
  const body = el("textarea", { id: "request", rows: 10, spellcheck: "false" });
  const curl = el("pre", { tabindex: 0, "aria-label": "Command" });
  const answer = el("pre", { class: "answer", tabindex: 0, "aria-label": "Answer" }, "–");
  const show = () => {
    curl.textContent = curlText(location.origin + url, body.value);
  };
  body.addEventListener("input", show);
  const view = el(
    "div",
    { class: "card exchange" },
    el("h3", {}, el("label", { for: "request" }, "Request")),
    el(
      "p",
      { class: "note" },
      "This is what is sent. Edit it as you like; the fields write it anew.",
    ),
    body,
    el("div", { class: "titled" }, el("h3", {}, "As a command"), copyButton(curl)),
    curl,
    el("h3", {}, "Answer"),
    answer,
  );
  return {
    url,
    view,
    ask: (text) => {
      body.value = text;
      show();
    },
    request: () => body.value,
    answer: (text) => {
      answer.textContent = text;
    },
  };
}

/** @param {HTMLElement} source */
function copyButton(source) {
  const button = el("button", { type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent ?? "");
      announce("Copied");
    } catch {
      // no permission: the reader copies what is selected
      getSelection()?.selectAllChildren(source);
      announce("Selected: copy it by keyboard");
    }
  });
  return button;
}
