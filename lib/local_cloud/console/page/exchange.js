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
 * @property {(body: string, obstacle?: string) => void} ask Shows another request; with an obstacle
 *   it is a draft that cannot be sent, and the obstacle says why.
 * @property {() => string} request What is to be sent.
 * @property {(body: string) => void} answer Shows what came back.
 */

/**
 * @param {string} url Where it is sent, without the origin.
 * @param {object} events
 * @param {(obstacle: string) => void} events.onState Called with what keeps the request from being
 *   sent, nothing if it can be.
 * @param {() => void} [events.onEdit] Called when the reader writes the request.
 * @returns {Exchange}
 */
export function exchangeView(url, { onState, onEdit }) {
  const body = el("textarea", { id: "request", rows: 10, spellcheck: "false" });
  const command = el("div", {});
  const answer = el("pre", { class: "answer", tabindex: 0, "aria-label": "Answer" }, "–");
  const show = (obstacle = "") => {
    const draft = el("p", { class: "note" }, "The command is shown once the request is whole.");
    command.replaceChildren(obstacle === "" ? commandView(url, body.value) : draft);
    onState(obstacle);
  };
  body.addEventListener("input", () => {
    show(body.value.trim() === "" ? "The request is empty." : "");
    onEdit?.();
  });
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
    command,
    el("h3", {}, "Answer"),
    answer,
  );
  return {
    url,
    view,
    ask: (text, obstacle) => {
      body.value = text;
      show(obstacle);
    },
    request: () => body.value,
    answer: (text) => {
      answer.textContent = text;
    },
  };
}

/**
 * A request as a command to copy.
 *
 * @param {string} url Without the origin.
 * @param {string} body
 * @param {string} [name] Of the endpoint, where a page has several.
 */
export function commandView(url, body, name) {
  const label = name === undefined ? "Command" : `Command, ${name}`;
  const command = el("pre", { class: "command", tabindex: 0, "aria-label": label });
  command.textContent = curlText(location.origin + url, body);
  const title = el(name === undefined ? "h3" : "h4", {}, "As a command");
  return el(
    "div",
    {},
    el("div", { class: "titled" }, title, copyButton(command, label)),
    command,
  );
}

/**
 * @param {HTMLElement} source
 * @param {string} label
 */
function copyButton(source, label) {
  const button = el("button", { type: "button", "aria-label": `Copy: ${label}` }, "Copy");
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
