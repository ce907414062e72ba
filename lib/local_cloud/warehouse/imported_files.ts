/** The files of an imported model, kept in the warehouse: they outlive the objects they came from. */
import { blobValue, type DuckDBBlobValue, type DuckDBConnection } from "@duckdb/node-api";

/** Bytes of one row; a file has as many as it needs. */
const PART_BYTES = 2 ** 24;

const tableOf = (storage: string) => `${storage}_files`;

/** Writes files by their paths into a new table of a model. */
export async function writeFiles(
  connection: DuckDBConnection,
  storage: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const table = tableOf(storage);
  await connection.run(`CREATE TABLE ${table} (path VARCHAR, part INTEGER, bytes BLOB)`);
  for (const [path, bytes] of files) {
    for (let part = 0; part === 0 || part * PART_BYTES < bytes.length; part++) {
      const piece = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
      await connection.run(`INSERT INTO ${table} VALUES ($1, $2, $3)`, [
        path,
        part,
        blobValue(piece),
      ]);
    }
  }
}

/** The files of a model by their paths, in the order they were written. */
export async function readFiles(
  connection: DuckDBConnection,
  storage: string,
): Promise<Map<string, Uint8Array>> {
  const parts = new Map<string, Uint8Array[]>();
  const result = await connection.stream(`SELECT path, bytes FROM ${tableOf(storage)}`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const [path, bytes] of chunk.getRows() as [string, DuckDBBlobValue][]) {
      parts.set(path, [...parts.get(path) ?? [], bytes.bytes]);
    }
  }
  return new Map([...parts].map(([path, pieces]) => [path, joined(pieces)]));
}

function joined(pieces: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
