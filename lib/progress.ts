/** Says what is being done: a bar where someone watches, plain lines in a log. Measures each stage. */
import { stderr } from "node:process";
import { Presets, SingleBar } from "cli-progress";

/** How progress is shown, on the error output so that results stay clean. */
export type ProgressStyle = "bar" | "lines" | "none";

/** What a stage took. */
export interface StageTime {
  name: string;
  /** Wall time. */
  seconds: number;
}

/** Shows and measures stages. */
export interface Progress {
  /** Does the work of a stage, and notes how long it took. */
  stage<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** The stages done so far. */
  times: StageTime[];
  /** Takes the bar away. */
  stop(): void;
}

/** A bar on a terminal, else lines. */
export function defaultStyle(): ProgressStyle {
  return Deno.stderr.isTerminal() ? "bar" : "lines";
}

/**
 * Begins to show progress.
 *
 * @param total How many stages there will be.
 */
export function startProgress(total: number, style: ProgressStyle): Progress {
  const times: StageTime[] = [];
  const show = { bar: showBar, lines: showLines, none: showNothing }[style](total);
  return {
    times,
    stop: show.stop,
    async stage(name, work) {
      show.begin(name);
      const started = performance.now();
      const result = await work();
      const seconds = (performance.now() - started) / 1000;
      times.push({ name, seconds });
      show.end(name, seconds);
      return result;
    },
  };
}

interface Display {
  begin(name: string): void;
  end(name: string, seconds: number): void;
  stop(): void;
}

function showBar(total: number): Display {
  const bar = new SingleBar({
    format: "{bar} {value}/{total}  {stage}",
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stream: stderr,
  }, Presets.shades_classic);
  bar.start(total, 0, { stage: "" });
  return {
    begin: (stage) => bar.update({ stage }),
    end: () => bar.increment(),
    stop: () => bar.stop(),
  };
}

function showLines(total: number): Display {
  let done = 0;
  return {
    begin: () => {},
    end: (name, seconds) => {
      console.error(`[${++done}/${total}] ${name}: ${seconds.toFixed(1)} s`);
    },
    stop: () => {},
  };
}

function showNothing(): Display {
  return { begin: () => {}, end: () => {}, stop: () => {} };
}
