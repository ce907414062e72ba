/**
 * A table of keys and values in rising order of the keys, as TensorFlow writes the index of its
 * variables: LevelDB's format, with checksums of its blocks.
 *
 * @see https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
import { CloudError } from "../errors.ts";
import { crc32c } from "../object_store/crc32c.ts";

/** Every so many entries one has its whole key. */
const RESTART_INTERVAL = 16;
/** A block ends once it is that long, in bytes. */
const BLOCK_BYTES = 256 * 1024;
const TRAILER_BYTES = 5;
const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
const NOT_COMPRESSED = 0;
const SNAPPY = 1;

/** One key and its value. Keys are bytes, compared as such. */
export type Entry = readonly [key: Uint8Array, value: Uint8Array];

const damaged = (why: string) =>
  new CloudError("invalid", `Cannot read the index of the variables as ${why}`);

/** A checksum as it is stored beside what it is of: rotated and moved, as TensorFlow does. */
export function maskedCrc32c(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Reads numbers and bytes one after the other; beyond the end it throws `invalid`. */
export class ByteReader {
  #at = 0;
  readonly #view: DataView;

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#at;
  }

  /** A number of 7 bits a byte, the lowest first; at most 2⁵³. */
  varint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 56; factor *= 128) {
      const byte = this.take(1)[0];
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (Number.isSafeInteger(value)) return value;
        break;
      }
    }
    throw damaged("a number in it is too long");
  }

  uint32(): number {
    const at = this.#at;
    this.take(4);
    return this.#view.getUint32(at, true);
  }

  /** The next bytes, not copied. */
  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.bytes.length) throw damaged("it ends too early");
    const taken = this.bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** Bytes that grow. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  length = 0;

  varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 128);
    this.byte(rest);
  }

  uint32(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.byte((value >>> shift) & 255);
  }

  byte(value: number): void {
    this.#grow(1);
    this.#bytes[this.length++] = value;
  }

  append(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was written, not copied. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  #grow(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.length + more));
    larger.set(this.written());
    this.#bytes = larger;
  }
}

/** Bytewise order. */
export function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const shared = sharedBytes(a, b);
  return shared < Math.min(a.length, b.length) ? a[shared] - b[shared] : a.length - b.length;
}

/**
 * The entries of a table, in order.
 *
 * @throws {CloudError} `invalid`: no such table, one whose checksums are wrong, or one with
 * compressed blocks, which TensorFlow does not write for variables.
 */
export function readSortedTable(bytes: Uint8Array): Entry[] {
  if (bytes.length < FOOTER_BYTES) throw damaged("it is too short");
  const footer = new ByteReader(bytes.subarray(bytes.length - FOOTER_BYTES));
  readHandle(footer); // the meta index, which has nothing in it
  const index = readHandle(footer);
  footer.take(FOOTER_BYTES - 8 - footer.position);
  if ((BigInt(footer.uint32()) | (BigInt(footer.uint32()) << 32n)) !== MAGIC) {
    throw damaged("it does not end as one does");
  }
  const entries = readBlock(bytes, index).flatMap(([, handle]) =>
    readBlock(bytes, readHandle(new ByteReader(handle)))
  );
  for (let i = 1; i < entries.length; i++) {
    if (compareKeys(entries[i - 1][0], entries[i][0]) >= 0) throw damaged("its keys do not rise");
  }
  return entries;
}

interface Handle {
  offset: number;
  size: number;
}

const readHandle = (reader: ByteReader): Handle => ({
  offset: reader.varint(),
  size: reader.varint(),
});

function readBlock(bytes: Uint8Array, { offset, size }: Handle): Entry[] {
  const whole = new ByteReader(bytes.subarray(offset)).take(size + TRAILER_BYTES);
  const content = whole.subarray(0, size);
  const trailer = new ByteReader(whole.subarray(size));
  const [type] = trailer.take(1);
  if (trailer.uint32() !== maskedCrc32c(crc32c(whole.subarray(0, size + 1)))) {
    throw damaged("its checksum is wrong");
  }
  if (type === SNAPPY) throw damaged("it is compressed with Snappy, which is not supported");
  if (type !== NOT_COMPRESSED) throw damaged(`it is compressed in an unknown way (${type})`);
  return blockEntries(content);
}

function blockEntries(content: Uint8Array): Entry[] {
  if (content.length < 4) throw damaged("a block of it is too short");
  const restarts = new ByteReader(content.subarray(content.length - 4)).uint32();
  const end = content.length - 4 * (restarts + 1);
  if (end < 0) throw damaged("a block of it is too short");
  const reader = new ByteReader(content.subarray(0, end));
  const entries: Entry[] = [];
  let key = new Uint8Array();
  while (reader.position < end) {
    const [shared, own, valueLength] = [reader.varint(), reader.varint(), reader.varint()];
    if (shared > key.length) throw damaged("a key of it has no beginning");
    const next = new Uint8Array(shared + own);
    next.set(key.subarray(0, shared));
    next.set(reader.take(own), shared);
    key = next;
    entries.push([key, reader.take(valueLength)]);
  }
  return entries;
}

/** The table of entries in rising order of their keys, each key once. */
export function writeSortedTable(entries: readonly Entry[]): Uint8Array {
  const out = new ByteWriter();
  const index: Entry[] = [];
  let block: Entry[] = [];
  let length = 0;
  const finishBlock = () => {
    if (block.length === 0) return;
    const handle = new ByteWriter();
    writeHandle(handle, writeBlock(out, block));
    index.push([block[block.length - 1][0], handle.written()]);
    block = [];
    length = 0;
  };
  for (const entry of entries) {
    block.push(entry);
    length += entry[0].length + entry[1].length;
    if (length >= BLOCK_BYTES) finishBlock();
  }
  finishBlock();
  const footer = new ByteWriter();
  writeHandle(footer, writeBlock(out, []));
  writeHandle(footer, writeBlock(out, index));
  footer.append(new Uint8Array(FOOTER_BYTES - 8 - footer.length));
  footer.uint32(Number(MAGIC & 0xffffffffn));
  footer.uint32(Number(MAGIC >> 32n));
  out.append(footer.written());
  return out.written();
}

function writeHandle(out: ByteWriter, { offset, size }: Handle): void {
  out.varint(offset);
  out.varint(size);
}

function writeBlock(out: ByteWriter, entries: readonly Entry[]): Handle {
  const block = new ByteWriter();
  const restarts = [0];
  entries.forEach(([key, value], i) => {
    const restarted = i % RESTART_INTERVAL === 0;
    if (restarted && i > 0) restarts.push(block.length);
    const shared = restarted ? 0 : sharedBytes(entries[i - 1][0], key);
    block.varint(shared);
    block.varint(key.length - shared);
    block.varint(value.length);
    block.append(key.subarray(shared));
    block.append(value);
  });
  for (const restart of restarts) block.uint32(restart);
  block.uint32(restarts.length);
  const handle = { offset: out.length, size: block.length };
  block.byte(NOT_COMPRESSED);
  out.append(block.written());
  out.uint32(maskedCrc32c(crc32c(block.written())));
  return handle;
}

function sharedBytes(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < most && a[shared] === b[shared]) shared++;
  return shared;
}
