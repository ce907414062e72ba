/** A page as a browser reads it. */
import { type DefaultTreeAdapterTypes, parse } from "parse5";

/** An element of a page. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  /** The text in it. */
  words: string;
}

/** All elements, in order. */
export function elementsOf(page: string): Element[] {
  return parse(page).childNodes.flatMap(below);
}

type Node = DefaultTreeAdapterTypes.ChildNode;

function below(node: Node): Element[] {
  if (!("tagName" in node)) return [];
  const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
  const element = { name: node.tagName, attributes, words: words(node) };
  return [element, ...node.childNodes.flatMap(below)];
}

function words(node: Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(words).join("") : "";
}
