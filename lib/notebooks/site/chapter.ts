/** A notebook as a chapter of the book. */
import type { CodeCell, Notebook } from "../notebook.ts";
import { html, joined, type Markup } from "./html.ts";
import { highlighted } from "./highlighted.ts";
import { pageOf, type Place } from "./links.ts";
import { type Shown, toShown } from "./outputs.ts";
import type { Picture } from "./pictures.ts";
import { type Heading, type Page, type Prose, toProse } from "./prose.ts";

/** A chapter, ready to be put into a page. */
export interface Chapter {
  /** The file's name, such as `01_user_clustering.ipynb`. */
  notebook: string;
  /** The page's name, such as `01_user_clustering.html`. */
  page: string;
  title: string;
  /** The first paragraph, without marks; empty where there is none. */
  lead: string;
  body: Markup;
  /** The headings below the title. */
  headings: Heading[];
  pictures: Picture[];
  tables: number;
  /** Time to read it: 200 words or 20 lines of code a minute; at least 1. */
  minutes: number;
  /** Whether any cell has an output, or there is no code that could have one. */
  isExecuted: boolean;
}

const WORDS_A_MINUTE = 200;
const LINES_A_MINUTE = 20;

/** Ids of a page's own parts. */
const OWN_IDS = ["main"];

/** @param options.notebook The file's name. */
export function toChapter(
  { cells }: Pick<Notebook, "cells">,
  { notebook, ...place }: Place & { notebook: string },
): Chapter {
  const page = { ...place, ids: new Set(OWN_IDS) };
  const parts = cells.flatMap((cell): (Prose | Code)[] => {
    if (cell.cell_type === "markdown") return [toProse(cell.source, page)];
    return cell.cell_type === "code" && cell.source.trim() ? [toCode(cell, page)] : [];
  });
  const prose = parts.filter((part) => "headings" in part);
  const code = parts.filter((part) => "shown" in part);
  const shown = code.flatMap((part) => part.shown);
  const headings = prose.flatMap((part) => part.headings);
  const title = headings.find(({ level }) => level === 1);
  return {
    notebook,
    page: pageOf(notebook),
    title: title?.words || titleOf(notebook),
    lead: prose.find(({ firstParagraph }) => firstParagraph)?.firstParagraph ?? "",
    body: joined([
      ...title ? [] : [html`<h1>${titleOf(notebook)}</h1>`],
      ...parts.map(({ body }) => body),
    ]),
    headings: headings.filter((heading) => heading !== title),
    pictures: shown.flatMap(({ picture }) => picture ?? []),
    tables: shown.filter(({ isTable }) => isTable).length,
    minutes: minutesOf(prose, code),
    isExecuted: code.length === 0 || shown.length > 0,
  };
}

interface Code {
  body: Markup;
  shown: Shown[];
  lines: number;
}

function toCode({ source, outputs }: CodeCell, page: Page): Code {
  const shown = toShown(outputs, page);
  const below = shown.length === 0
    ? undefined
    : html`\n<div class="output">\n${shown.map(({ body }) => body)}\n</div>`;
  return {
    body: html`<div class="cell">\n${highlighted(source, "typescript")}${below}\n</div>`,
    shown,
    lines: source.split("\n").length,
  };
}

function minutesOf(prose: readonly Prose[], code: readonly Code[]): number {
  const words = prose.reduce((sum, part) => sum + part.words, 0);
  const lines = code.reduce((sum, part) => sum + part.lines, 0);
  return Math.max(1, Math.round(words / WORDS_A_MINUTE + lines / LINES_A_MINUTE));
}

/** `01_user_clustering.ipynb` → `User clustering`. */
function titleOf(notebook: string): string {
  const words = notebook.replace(/\.ipynb$/, "").replace(/^\d+[_-]/, "").replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
