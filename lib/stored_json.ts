/** JSON in a bucket. */
import type { File } from "@google-cloud/storage";

/**
 * What a JSON object in a bucket says; of text that is no JSON the text.
 *
 * @throws An error with code 404 if there is no such object.
 */
export async function readJson(file: File): Promise<unknown> {
  // Not `download()`: its streams have more listeners than Node thinks right, which it says aloud.
  const [content] = await file.request({ uri: "", qs: { alt: "media" } });
  return content;
}

/** Writes a JSON object, indented, in one request. */
export async function writeJson(file: File, content: unknown): Promise<void> {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  await file.save(text, { contentType: "application/json", resumable: false });
}
