/** The columns of GA4's export that the models read, and whether a table has them. Pure. */
import { badInput } from "./failure.ts";

/** A column as BigQuery's REST API describes it. */
export interface Column {
  name?: string;
  type?: string;
  mode?: string;
  fields?: Column[];
}

const NUMBER = ["FLOAT", "FLOAT64", "INTEGER", "INT64", "NUMERIC", "BIGNUMERIC"];
const WHOLE = ["INTEGER", "INT64"];
const TEXT = ["STRING"];

/** Column → the types it may have; the first one is named when it has another. */
const NEEDED: Record<string, readonly string[]> = {
  "event_timestamp": WHOLE,
  "event_name": TEXT,
  "event_params.key": TEXT,
  "event_params.value.int_value": WHOLE,
  "user_pseudo_id": TEXT,
  "ecommerce.unique_items": WHOLE,
  "ecommerce.transaction_id": TEXT,
  "items.item_name": TEXT,
  "items.item_category": TEXT,
  "items.price": NUMBER,
  "items.quantity": WHOLE,
};
const REPEATED = ["event_params", "items"];

/**
 * Checks that a table has every column the models read.
 *
 * @param source What the table is called in the sentence.
 * @throws {Failure} Naming the first column that is missing or of another type.
 */
export function checkColumns(columns: readonly Column[], source: string): void {
  const refuse = (rule: string) => {
    throw badInput(`Cannot learn from ${source} as ${rule}`);
  };
  for (const [path, types] of Object.entries(NEEDED)) {
    const column = find(columns, path.split("."));
    if (!column) refuse(`it has no column ${path}`);
    else if (!types.includes(typeOf(column))) {
      refuse(`its column ${path} must be ${types[0]}: it is ${typeOf(column)}`);
    }
  }
  for (const name of REPEATED) {
    const mode = find(columns, [name])?.mode?.toUpperCase();
    if (mode !== "REPEATED") refuse(`its column ${name} must be REPEATED: it is ${mode}`);
  }
}

function find(columns: readonly Column[], [name, ...rest]: string[]): Column | undefined {
  const column = columns.find((column) => column.name?.toLowerCase() === name);
  return rest.length === 0 || !column ? column : find(column.fields ?? [], rest);
}

function typeOf(column: Column): string {
  return column.type?.toUpperCase() ?? "of no type";
}
