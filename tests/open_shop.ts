/** A session on a local cloud of its own, in a fresh folder that is removed in the end. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stop } from "../lib/local_cloud/mod.ts";
import { loadEvents } from "../lib/events.ts";
import { openSession, type Session } from "../lib/session.ts";
import { toNdjson } from "./fixtures.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A session to be ended by `await using`. */
export interface Shop extends AsyncDisposable {
  session: Session;
  /** For files of the test; the local cloud's data is in `cloud` in it. */
  folder: string;
}

/** A local cloud without any data. */
export async function openCloud(): Promise<Shop> {
  const folder = await Deno.makeTempDir({ prefix: "shop-" });
  const dataFolder = join(folder, "cloud");
  const session = await openSession({ dataFolder });
  return {
    session,
    folder,
    async [Symbol.asyncDispose]() {
      session.close();
      await stop(dataFolder);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A local cloud that holds events. */
export async function openShop(events: readonly unknown[]): Promise<Shop> {
  const shop = await openCloud();
  await loadEvents(shop.session, { file: await writeEvents(shop, events) });
  return shop;
}

/** Events as a file in the shop's folder. */
export async function writeEvents(
  { folder }: Pick<Shop, "folder">,
  events: readonly unknown[],
): Promise<string> {
  const file = join(folder, `events_${crypto.randomUUID().slice(0, 8)}.ndjson`);
  await Deno.writeTextFile(file, toNdjson(events));
  return file;
}

/** What a command answered. */
export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** The command `retrain` as a person runs it in the shop's folder, on the shop's local cloud. */
export async function run(
  { folder }: Pick<Shop, "folder">,
  args: string[],
  env: Record<string, string> = {},
): Promise<Run> {
  const data = ["--data", join(folder, "cloud")];
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "lib/main.ts", "retrain", ...data, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", INIT_CWD: folder, ...env },
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
