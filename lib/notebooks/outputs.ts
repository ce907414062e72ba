/** What a kernel published → the outputs of a cell, without what changes from run to run. */
import { hostname, tmpdir, userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Output } from "./notebook.ts";
import type { Message } from "./wire.ts";

const bundle = z.record(z.string(), z.unknown());
const CONTENTS = {
  stream: z.object({ name: z.enum(["stdout", "stderr"]), text: z.string() }),
  display: z.object({
    data: bundle,
    metadata: bundle.default({}),
    transient: z.object({ display_id: z.string().optional() }).default({}),
  }),
  clear: z.object({ wait: z.boolean().default(false) }),
  error: z.object({ ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) }),
};

/**
 * The outputs that some messages make, in order.
 *
 * @param count The number of the cell among the code cells, from 1.
 */
export function collectOutputs(published: readonly Message[], count: number): Output[] {
  let outputs: Output[] = [];
  let isCleared = false;
  const shown = new Map<string, Extract<Output, { output_type: "display_data" }>>();
  const add = (output: Output) => {
    if (isCleared) outputs = [];
    isCleared = false;
    outputs.push(output);
  };
  for (const { type, content } of published) {
    if (type === "stream") {
      const { name, text } = CONTENTS.stream.parse(content);
      add({ output_type: "stream", name, text });
    } else if (type === "display_data" || type === "update_display_data") {
      const { data, metadata, transient: { display_id } } = CONTENTS.display.parse(content);
      const known = display_id === undefined ? undefined : shown.get(display_id);
      if (known) Object.assign(known, { data: clean(data), metadata });
      if (type === "update_display_data") continue;
      const output = { output_type: "display_data" as const, data: clean(data), metadata };
      if (display_id !== undefined) shown.set(display_id, output);
      add(output);
    } else if (type === "execute_result") {
      const { data, metadata } = CONTENTS.display.parse(content);
      add({ output_type: "execute_result", execution_count: count, data: clean(data), metadata });
    } else if (type === "clear_output") {
      if (CONTENTS.clear.parse(content).wait) isCleared = true;
      else outputs = [];
    } else if (type === "error") {
      const error = CONTENTS.error.parse(content);
      const traceback = error.traceback.map(plain);
      add({ output_type: "error", ...error, evalue: plain(error.evalue), traceback });
    }
  }
  return mergeStreams(outputs);
}

/** Texts that follow each other on the same stream are one; what tells of the runtime is left out. */
function mergeStreams(outputs: readonly Output[]): Output[] {
  const merged: Output[] = [];
  for (const output of outputs) {
    const last = merged.at(-1);
    if (
      output.output_type === "stream" && last?.output_type === "stream" &&
      last.name === output.name
    ) {
      last.text += output.text;
    } else merged.push({ ...output });
  }
  return merged.flatMap((output): Output[] => {
    if (output.output_type !== "stream") return [output];
    if (output.name === "stdout") return [{ ...output, text: plain(output.text) }];
    const text = plain(output.text).split(/(?<=\n)/).filter((line) => !NOISE.test(line)).join("");
    return text === "" ? [] : [{ ...output, text }];
  });
}

/** Lines that Deno and its Node layer write about themselves. */
const NOISE =
  /^\(node:\d+\) |^\(Use `(node|deno) --trace|^(Download|Initialize|Check) (https?|npm|file):/;

function clean(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [
      type,
      type === "text/plain" && typeof value === "string" ? plain(value) : value,
    ]),
  );
}

/** Text without the colour codes of a terminal. */
export function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- an escape sequence begins with a control character
  return text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, "");
}

/**
 * What an output tells of the machine that made it: a folder, a user, a host, a port. It would be
 * published with the notebook, and be another one on the next machine.
 *
 * @returns The first such text, or nothing.
 */
export function findPrivate(outputs: readonly Output[]): string | undefined {
  const text = JSON.stringify(outputs);
  return privatePatterns().map((pattern) => pattern.exec(text)?.[0]).find((found) =>
    found !== undefined
  );
}

function privatePatterns(): RegExp[] {
  const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
  const home = Deno.env.get("HOME") ?? "";
  const folders = [root, home, tmpdir()].filter((folder) => folder.length > 1)
    .map((folder) => `${RegExp.escape(folder)}(?![\\w-])`);
  const { username } = userInfo();
  // Names that are words would be found in any prose.
  const names = [username, hostname()]
    .filter((name) => name.length > 3 && !/^(root|user|localhost|jovyan|jupyter)$/.test(name))
    .map((name) => `(?<![\\w-])${RegExp.escape(name)}(?![\\w-])`);
  const hosts = String.raw`(?:127\.0\.0\.1|localhost|\[::1\]):\d{2,5}`;
  return [...folders, ...names, hosts].map((pattern) => new RegExp(pattern));
}
