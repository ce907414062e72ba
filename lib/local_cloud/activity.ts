/** What a server is doing, and since when it does nothing. */
import type { Context, Next } from "hono";
import { CloudError } from "./errors.ts";

/** The requests under way. */
export class Activity {
  #requests = 0;
  #lastMs = Date.now();
  #ended = false;
  #watch?: ReturnType<typeof setInterval>;

  /** Counts and logs one request, as a middleware. */
  async during(c: Context, next: Next, log?: (line: string) => void): Promise<void> {
    if (this.#ended) throw new CloudError("backendError", "The local cloud is stopping");
    const begun = performance.now();
    this.#requests++;
    try {
      await next();
    } finally {
      this.#requests--;
      this.#lastMs = Date.now();
      const took = (performance.now() - begun).toFixed(1);
      log?.(`${c.req.method} ${c.req.path} ${c.res.status} ${took} ms`);
    }
  }

  /**
   * Calls `then` once nothing has happened for a while.
   *
   * @param seconds How long; never, where it is left out.
   * @param isBusy Whether work goes on that no request waits for.
   */
  whenIdle(seconds: number | undefined, isBusy: () => boolean, then: () => void): void {
    if (seconds === undefined) return;
    const check = () => {
      if (this.#requests > 0 || isBusy()) this.#lastMs = Date.now();
      if (Date.now() - this.#lastMs >= seconds * 1000) then();
    };
    this.#watch = setInterval(check, Math.min(seconds * 250, 30_000));
  }

  /** Refuses further requests. */
  end(): void {
    this.#ended = true;
    clearInterval(this.#watch);
  }
}
