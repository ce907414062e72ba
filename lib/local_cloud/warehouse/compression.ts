/** Whether a file of text is compressed; objects have no extension to tell by. */

/** `gzip` if the file begins as gzip does, else `uncompressed`. */
export async function compression(path: string): Promise<"gzip" | "uncompressed"> {
  using file = await Deno.open(path);
  const head = new Uint8Array(2);
  await file.read(head);
  return head[0] === 0x1f && head[1] === 0x8b ? "gzip" : "uncompressed";
}
