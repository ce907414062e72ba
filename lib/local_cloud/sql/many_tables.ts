/** Names that stand for many tables, or for what is known about them. */
import { CloudError } from "../errors.ts";

/** @throws {CloudError} `invalidQuery` for `events_*` and for `dataset.INFORMATION_SCHEMA.TABLES`. */
export function refuseMany(path: string[]): void {
  const what = path.at(-1)?.endsWith("*")
    ? "A wildcard table"
    : path.some((part) => part.toUpperCase() === "INFORMATION_SCHEMA")
    ? "INFORMATION_SCHEMA"
    : undefined;
  if (what === undefined) return;
  const message = `${what} is not supported by the local warehouse: ${path.join(".")}`;
  throw new CloudError("invalidQuery", message);
}
