/** What the commands do alike around a session. */
import { checkJsonFile, STARTING, stopSignal } from "./command_line.ts";
import type { Scene } from "./failure.ts";
import { openSession, type Session } from "./session.ts";

/** What was asked for, as far as it says where. */
interface PlaceAsked {
  project?: string;
  dataset: string;
  location?: string;
}

/** Where a command was to work, for the sentence about its failure; nothing was asked for yet. */
export function sceneOf(settings: Partial<PlaceAsked> = {}): Scene {
  const { project, dataset = "", location } = settings;
  const where = project ? "cloud" : "local";
  return { project: project ?? "local-cloud", dataset, location, where };
}

/**
 * Works in a session that Ctrl-C ends, once it is clear that the results can be written.
 *
 * @throws {Failure} If `json` cannot be written, or the session cannot be opened.
 */
export async function inSession(
  settings: PlaceAsked & { dataFolder?: string; json?: string; isQuiet: boolean },
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const { project, dataset, location, dataFolder, isQuiet } = settings;
  const signal = stopSignal();
  await checkJsonFile(settings);
  const where = { project, dataset, location, dataFolder };
  const onStart = isQuiet ? undefined : () => console.error(STARTING);
  const session = await openSession({ ...where, signal, onStart });
  try {
    await work(session);
  } finally {
    session.close();
  }
}
