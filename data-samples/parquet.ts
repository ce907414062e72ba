/** Writes the shop as Parquet: the events, and beside them what was planted. */
import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from "@duckdb/node-api";
import { setDictionaries } from "./dictionaries.ts";
import type { EventColumns, Sink } from "./events.ts";
import type { Shopper } from "./shoppers.ts";

/** Rows that DuckDB takes at once. */
export const CHUNK_ROWS = 2048;

/** With one thread, what decides every byte of a file of the same rows. */
const LAYOUT = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 9, ROW_GROUP_SIZE 122880";

type Columns = readonly (readonly DuckDBValue[])[];

// The columns of tables.sql, in its order.
const EVENT_TYPES = [
  INTEGER,
  BIGINT,
  UTINYINT,
  INTEGER,
  USMALLINT,
  INTEGER,
  USMALLINT,
  INTEGER,
  LIST(INTEGER),
];
const USER_TYPES = [
  INTEGER,
  VARCHAR,
  BIGINT,
  UTINYINT,
  UTINYINT,
  UTINYINT,
  UTINYINT,
  LIST(INTEGER),
];

/** Where the files of one sample are: the events, each user's segment, each product's group. */
export interface SamplePaths {
  readonly events: string;
  readonly users: string;
  readonly products: string;
}

/** A sink that keeps what it is given and writes it in the end. */
export interface ParquetWriter extends Sink {
  /**
   * Writes the three files, over anything that is there.
   *
   * @throws {Error} If a file cannot be written.
   */
  write(paths: SamplePaths): Promise<void>;
  close(): void;
}

/** Opens a writer; what does not fit into 3 GB of memory goes to the folder `spill` for a while. */
export async function openParquetWriter(spill: string): Promise<ParquetWriter> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    preserve_insertion_order: "true",
    memory_limit: "3GB",
    temp_directory: spill,
  });
  const connection = await instance.connect();
  await setDictionaries(connection);
  await connection.run(await readSql("tables"));
  const events = await openTable(connection, "event_numbers", EVENT_TYPES);
  const users = await openTable(connection, "user_numbers", USER_TYPES);
  const shoppers = collectShoppers(users.addColumns);

  return {
    addEvents: (columns) => events.addColumns(eventValues(columns)),
    addShopper: shoppers.add,
    async write(paths) {
      shoppers.flush();
      events.close();
      users.close();
      await copy(connection, "assemble", paths.events);
      await copy(connection, "planted_users", paths.users);
      await copy(connection, "planted_products", paths.products);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A table that takes rows by column, up to {@linkcode CHUNK_ROWS} at once. */
async function openTable(connection: DuckDBConnection, table: string, types: DuckDBType[]) {
  const appender = await connection.createAppender(table);
  return {
    addColumns(columns: Columns) {
      const chunk = DuckDBDataChunk.create(types);
      chunk.setColumns(columns);
      appender.appendDataChunk(chunk);
    },
    close: () => appender.closeSync(),
  };
}

/** Shoppers come one by one; they are handed on by column. */
function collectShoppers(addColumns: (columns: Columns) => void) {
  const columns: DuckDBValue[][] = USER_TYPES.map(() => []);
  let userNumber = 0;
  const flush = () => {
    if (columns[0].length > 0) addColumns(columns);
    for (const column of columns) column.length = 0;
  };
  const add = (shopper: Shopper, firstTouch: number) => {
    const { userPseudoId, device, place, source, segment, groups } = shopper;
    [
      userNumber++,
      userPseudoId,
      BigInt(firstTouch),
      device,
      place,
      source,
      segment,
      listValue(groups),
    ].forEach((value, column) => columns[column].push(value));
    if (columns[0].length === CHUNK_ROWS) flush();
  };
  return { add, flush };
}

function eventValues(columns: EventColumns): Columns {
  return [
    columns.user,
    columns.timestamp.map(BigInt),
    columns.kind,
    columns.session,
    columns.sessionNumber,
    columns.engagement,
    columns.page,
    columns.order,
    columns.lines.map(listValue),
  ];
}

async function copy(connection: DuckDBConnection, statement: string, path: string): Promise<void> {
  const file = path.replaceAll("'", "''");
  await connection.run(
    `COPY (${await readSql(statement)}) TO '${file}' (${LAYOUT}, USE_TMP_FILE false)`,
  );
}

function readSql(statement: string): Promise<string> {
  return Deno.readTextFile(new URL(`${statement}.sql`, import.meta.url));
}
