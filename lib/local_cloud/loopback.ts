/** Only programs on this machine are answered. */
import type { Context, Next } from "hono";
import { CloudError } from "./errors.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Refuses what a web page could send. A page of any site may post to 127.0.0.1, and by DNS
 * rebinding even read the answer; but then the Host is the site's own name, or a browser says from
 * where the page is. Google's clients send neither.
 *
 * @throws {CloudError} `accessDenied`.
 */
export async function guardLoopback(c: Context, next: Next): Promise<void> {
  const host = c.req.header("host") ?? "";
  if (!LOOPBACK.test(host)) {
    throw new CloudError("accessDenied", `The local cloud does not answer for the host '${host}'`);
  }
  const origin = c.req.header("origin");
  const foreign = c.req.header("sec-fetch-site") === "cross-site";
  if (foreign || (origin !== undefined && !LOOPBACK.test(origin.replace(/^https?:\/\//, "")))) {
    throw new CloudError("accessDenied", "The local cloud does not answer pages of other sites");
  }
  await next();
}
