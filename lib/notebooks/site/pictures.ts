/** Pictures that are part of the page: each is an `<img>` whose address holds the picture itself. */
import { html, type Markup } from "./html.ts";

/** What an `<img>` needs. */
export interface Picture {
  /** A `data:` address. */
  source: string;
  alt: string;
  /** In CSS pixels, where the picture tells. */
  size?: { width: number; height: number };
}

const RASTERS = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const LONGEST_ALT = 300;

/**
 * The picture in a bundle, SVG before pixels, or nothing.
 *
 * As an `<img>` an SVG can neither run a script nor fetch a file, and its ids cannot meet those of
 * another picture.
 *
 * @param options.otherwise What to call a picture that has no words of its own.
 */
export function pictureOf(
  bundle: Record<string, unknown>,
  { otherwise }: { otherwise: string },
): Picture | undefined {
  const svg = textOf(bundle["image/svg+xml"]);
  const words = textOf(bundle["text/plain"]) ?? (svg && SVG_TITLE.exec(svg)?.[1]);
  const alt = words?.replaceAll(/\s+/g, " ").trim().slice(0, LONGEST_ALT) || otherwise;
  if (svg) return { source: svgAddress(svg), alt, size: svgSize(svg) };
  for (const type of RASTERS) {
    const pixels = textOf(bundle[type])?.replaceAll(/\s+/g, "");
    if (pixels && BASE64.test(pixels)) return { source: `data:${type};base64,${pixels}`, alt };
  }
  return undefined;
}

/** A figure with the picture. */
export function figure({ source, alt, size }: Picture): Markup {
  const sized = size && html`
    width="${size.width}" height="${size.height}"
  `;
  return html`<figure class="picture"><img src="${source}" alt="${alt}"${sized}></figure>`;
}

const SVG_TITLE = /<title[^>]*>([^<]+)<\/title>/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Text, as one string or as notebooks keep it: in lines. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.join("") : undefined;
}

/** Only what cannot stand in an address is encoded: a third shorter than base64. */
function svgAddress(svg: string): string {
  const text = svg.trim().toWellFormed().replaceAll(
    /[%#<>"\s]/g,
    (character) => character === " " ? "%20" : encodeURIComponent(character),
  );
  return `data:image/svg+xml;charset=utf-8,${text}`;
}

function svgSize(svg: string): Picture["size"] {
  const [root = ""] = /<svg\b[^>]*>/.exec(svg) ?? [];
  const [width, height] = ["width", "height"].map((name) =>
    Number(new RegExp(`\\s${name}="([\\d.]+)(?:px)?"`).exec(root)?.[1])
  );
  return width > 0 && height > 0
    ? { width: Math.round(width), height: Math.round(height) }
    : undefined;
}
