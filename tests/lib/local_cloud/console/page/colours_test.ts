import { assert, assertEquals } from "@std/assert";

const CSS = new URL(
  "../../../../../lib/local_cloud/console/page/console.css",
  import.meta.url,
);

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

Deno.test("every text is readable on what is behind it, light and dark", async () => {
  const css = await Deno.readTextFile(CSS);
  const schemes = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) =>
    Object.fromEntries(
      [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
    )
  );
  assertEquals(schemes.length, 2);
  for (const scheme of schemes) {
    const pairs = ["text", "quiet", "accent"].flatMap((text) => [[text, "page"], [text, "card"]]);
    for (const [text, behind] of [...pairs, ["warn", "warn-page"], ["card", "accent"]]) {
      const ratio = contrast(scheme[text], scheme[behind]);
      assert(ratio >= 4.5, `${text} on ${behind}: ${ratio.toFixed(2)}`);
    }
  }
});
