/**
 * Messages of a Jupyter kernel as they go over the wire: signed frames, version 5.3.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

const DELIMITER = "<IDS|MSG>";

const header = z.object({ msg_id: z.string(), msg_type: z.string() });

/** A message that a kernel sent, or is sent. */
export interface Message {
  id: string;
  /** Such as `execute_request`, `stream`, `status`. */
  type: string;
  /** The message that it answers. */
  parent?: string;
  content: unknown;
}

/** The frames of a message, signed with the key of the connection. */
export function encodeMessage({ id, type, content }: Message, key: string): Buffer[] {
  const about = { msg_id: id, msg_type: type, session: "run", username: "run", version: "5.3" };
  const date = new Date().toISOString();
  const parts = [{ ...about, date }, {}, {}, content].map((part) => JSON.stringify(part));
  return [DELIMITER, sign(parts, key), ...parts].map((frame) => Buffer.from(frame));
}

/**
 * The message in some frames.
 *
 * @throws {TypeError} If it is malformed, or was signed with another key.
 */
export function decodeMessage(frames: readonly Uint8Array[], key: string): Message {
  const texts = frames.map((frame) => new TextDecoder().decode(frame));
  const [signature, ...parts] = texts.slice(texts.indexOf(DELIMITER) + 1);
  const expected = sign(parts.slice(0, 4), key);
  if (
    signature?.length !== expected.length ||
    !timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
  ) {
    throw new TypeError("Cannot read the kernel's message as its signature is wrong");
  }
  const [own, parent, , content] = parts.map((part): unknown => JSON.parse(part));
  const { msg_id: id, msg_type: type } = header.parse(own);
  return { id, type, parent: header.partial().parse(parent).msg_id, content };
}

function sign(parts: readonly string[], key: string): string {
  const hash = createHmac("sha256", key);
  parts.forEach((part) => hash.update(part));
  return hash.digest("hex");
}
