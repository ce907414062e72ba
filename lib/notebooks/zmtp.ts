/**
 * The transport of Jupyter's messages, ZMTP 3.0 with no security, as far as the client of a kernel
 * needs it. The native ZeroMQ library crashes Deno now and then; this is the whole of what it did.
 *
 * @see https://rfc.zeromq.org/spec/23/
 */

/** Frames: the parts of a message. */
export type Frames = Uint8Array<ArrayBuffer>[];

/** A connection to one socket of a kernel. */
export interface Channel {
  /** Sends a message; several at once keep their order. */
  send(frames: readonly Uint8Array[]): Promise<void>;
  /** The messages that come, until either side closes. */
  messages(): AsyncGenerator<Frames>;
  close(): void;
}

/** Where to connect, and as what. */
export interface ChannelOptions {
  hostname: string;
  port: number;
  /** A dealer asks and gets answers; a subscriber gets all that is published. */
  as: "DEALER" | "SUB";
}

const MORE = 1;
const LONG = 2;
const COMMAND = 4;
const GREETING_BYTES = 64;
/** The most that one byte of length can say. */
const SHORT = 255;

/**
 * Connects and shakes hands.
 *
 * @throws {Deno.errors.ConnectionRefused} If nothing listens there yet.
 * @throws {TypeError} If what listens speaks another protocol.
 */
export async function openChannel({ hostname, port, as }: ChannelOptions): Promise<Channel> {
  const connection = await Deno.connect({ hostname, port });
  try {
    connection.setNoDelay(true);
    const read = reader(connection);
    await writeAll(connection, greeting());
    const [first] = await read(GREETING_BYTES);
    if (first !== 0xff) throw new TypeError("Cannot talk to the kernel as it speaks no ZMTP");
    await writeAll(connection, frame(ready(as), COMMAND));
    while (!((await readFrame(read)).flags & COMMAND));
    // A subscription is a message: 1, then the prefix of what is wanted; none for all.
    if (as === "SUB") await writeAll(connection, frame(Uint8Array.of(1), 0));
    return channel(connection, read);
  } catch (error) {
    connection.close();
    throw error;
  }
}

function channel(connection: Deno.Conn, read: Read): Channel {
  let sent: Promise<void> = Promise.resolve();
  let isClosed = false;
  return {
    send(frames) {
      const last = frames.length - 1;
      const bytes = joined(frames.map((each, i) => frame(each, i < last ? MORE : 0)));
      return sent = sent.then(() => writeAll(connection, bytes));
    },
    async *messages() {
      try {
        for (;;) yield await readMessage(read);
      } catch (error) {
        if (!isClosed && !(error instanceof Deno.errors.UnexpectedEof)) throw error;
      }
    },
    close() {
      isClosed = true;
      connection.close();
    },
  };
}

async function readMessage(read: Read): Promise<Frames> {
  const frames: Frames = [];
  for (;;) {
    const { flags, body } = await readFrame(read);
    if (flags & COMMAND) continue;
    frames.push(body);
    if (!(flags & MORE)) return frames;
  }
}

async function readFrame(read: Read) {
  const [flags] = await read(1);
  const size = flags & LONG
    ? Number(new DataView((await read(8)).buffer).getBigUint64(0))
    : (await read(1))[0];
  return { flags, body: await read(size) };
}

/** Gives the next so many bytes. */
type Read = (count: number) => Promise<Uint8Array<ArrayBuffer>>;

function reader(connection: Deno.Conn): Read {
  const chunk = new Uint8Array(64 * 1024);
  let rest = chunk.subarray(0, 0);
  return async (count) => {
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count;) {
      if (rest.length === 0) {
        const got = await connection.read(chunk);
        if (got === null) throw new Deno.errors.UnexpectedEof("The kernel closed its connection");
        rest = chunk.subarray(0, got);
      }
      const part = rest.subarray(0, count - filled);
      bytes.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
    }
    return bytes;
  };
}

/** The signature, version 3.0, and the name of the security there is: none. */
function greeting(): Uint8Array {
  const bytes = new Uint8Array(GREETING_BYTES);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.set(ascii("NULL"), 12);
  return bytes;
}

/** The command that ends a handshake: what kind of socket this is. */
function ready(socketType: string): Uint8Array {
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, socketType.length);
  return joined([named("READY"), named("Socket-Type"), size, ascii(socketType)]);
}

function named(name: string): Uint8Array {
  return joined([Uint8Array.of(name.length), ascii(name)]);
}

function frame(body: Uint8Array, flags: number): Uint8Array {
  if (body.length <= SHORT) return joined([Uint8Array.of(flags, body.length), body]);
  const head = new Uint8Array(9);
  head[0] = flags | LONG;
  new DataView(head.buffer).setBigUint64(1, BigInt(body.length));
  return joined([head, body]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
