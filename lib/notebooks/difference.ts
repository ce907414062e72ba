/** What differs between a notebook as it is written and as it was run, for a person to read. */
import { diffLines } from "diff";
import { isJson, type Notebook, type Output, sorted } from "./notebook.ts";

/** Changed lines that are shown of one output, at most. */
const MOST_LINES = 20;
const WIDEST = 160;

/**
 * One paragraph for each cell that differs; nothing where the notebooks show the same.
 *
 * @param file What the notebook is called in the text.
 */
export function describeDifferences(
  file: string,
  { written, run }: { written: Notebook; run: Notebook },
): string[] {
  return run.cells.flatMap((cell, i) => {
    const before = written.cells[i];
    if (cell.cell_type !== "code" || before?.cell_type !== "code") return [];
    const lines = differingOutputs(before.outputs, cell.outputs);
    if (lines.length === 0) return [];
    return [`${file}, cell ${i + 1}: ${cell.source.split("\n")[0]}\n${lines.join("\n")}`];
  });
}

function differingOutputs(before: readonly Output[], after: readonly Output[]): string[] {
  const [old, now] = [before, after].map((outputs) => outputs.map(texts));
  const lines: string[] = [];
  for (let i = 0; i < Math.max(old.length, now.length); i++) {
    const types = new Set([...Object.keys(old[i] ?? {}), ...Object.keys(now[i] ?? {})]);
    for (const type of types) {
      const [from, to] = [old[i]?.[type] ?? "", now[i]?.[type] ?? ""];
      if (from !== to) lines.push(`  output ${i + 1}, ${type}:`, ...changedLines(from, to));
    }
  }
  return lines;
}

/** The texts of an output by what they are. */
function texts(output: Output): Record<string, string> {
  if (output.output_type === "stream") return { [output.name]: output.text };
  if (output.output_type === "error") return { error: `${output.ename}: ${output.evalue}` };
  return Object.fromEntries(
    Object.entries(output.data).map(([type, value]) => [
      type,
      isJson(type) ? JSON.stringify(sorted(value), null, 1) : inLines(String(value)),
    ]),
  );
}

/** Markup has no lines of its own. */
function inLines(text: string): string {
  return text.replaceAll("><", ">\n<");
}

function changedLines(from: string, to: string): string[] {
  const changes = diffLines(end(from), end(to)).filter(({ added, removed }) => added || removed);
  const lines = changes.flatMap(({ added, value }) =>
    value.trimEnd().split("\n").map((line) => `    ${added ? "+" : "-"} ${cut(line)}`)
  );
  const rest = lines.length - MOST_LINES;
  return rest > 0 ? [...lines.slice(0, MOST_LINES), `    … ${rest} more lines`] : lines;
}

function end(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function cut(line: string): string {
  return line.length > WIDEST ? `${line.slice(0, WIDEST)}…` : line;
}
