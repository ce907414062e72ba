/** How wide text is in Helvetica or Arial, where there is no screen to try it on. */

// Widths in thousandths of an em, from the fonts' metrics; the rest count as 556, digits' width.
const WIDTHS: readonly (readonly [string, number])[] = [
  ["ijl'|", 222],
  [" !,./:;I[]tf·", 278],
  ["()-r`", 333],
  ["*", 389],
  ['"', 355],
  ["^", 469],
  ["Jckssvxyz", 500],
  ["+<=>~−", 584],
  ["FTZ", 611],
  ["ABEKPSVXY&", 667],
  ["CDHNRUw", 722],
  ["GOQ", 778],
  ["Mm", 833],
  ["%", 889],
  ["W—", 944],
  ["…", 1000],
  ["@", 1015],
];
const WIDTH = new Map(WIDTHS.flatMap(([letters, width]) => [...letters].map((l) => [l, width])));
const USUAL = 556;
/** Wide scripts take a whole em. */
const WIDE =
  /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]|[\u{1f000}-\u{3ffff}]/u;

/** Bold letters are wider by about this much. */
const BOLD = 1.07;
/** Room for a reader's font that runs wider. */
const SPARE = 1.04;

/**
 * The text's width in pixels, a little on the wide side.
 *
 * @param style Size in pixels, and the weight.
 */
export function textWidth(text: string, { size, bold = false }: { size: number; bold?: boolean }) {
  const letters = [...text];
  const ems = letters.reduce((sum, letter) => sum + widthOf(letter), 0) / 1000;
  return ems * size * SPARE * (bold ? BOLD : 1);
}

/** The text in lines no wider than `width` pixels, as far as its words are not wider. */
export function wrapped(
  text: string,
  { width, ...style }: { width: number; size: number; bold?: boolean },
): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, style) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function widthOf(letter: string): number {
  return WIDTH.get(letter) ?? (WIDE.test(letter) ? 1000 : USUAL);
}
