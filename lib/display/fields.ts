/** Fields of rows: which there are, of what type, and their values as a chart can hold them. */

/** A field of the rows: its name, or its name and how to show it. */
export type Field = string | FieldOptions;

/** How to show a field. */
export interface FieldOptions {
  /** Name in the rows. */
  field: string;
  /** For axis, legend and tooltip. Default the name with blanks for underscores. */
  title?: string;
  /** Written in brackets behind the title. */
  unit?: string;
  /** Of a number. Default linear; `symlog` is a log scale that has room for 0. */
  scale?: "linear" | "log" | "symlog";
  /** A d3 format such as `.1%`. Default by the size of the values. */
  format?: string;
  /** Order of the categories. Default that of the rows. */
  sort?: readonly string[] | null;
}

/** What charts hold in place of a cell. */
export type Value = string | number | boolean | null;
export type ChartRow = Record<string, Value>;

/** How Vega-Lite calls the kinds of values. */
export type ValueType = "quantitative" | "temporal" | "nominal";

/** A chart of more rows is neither readable nor small. */
const MOST_ROWS = 5_000;

export function optionsOf(field: Field): FieldOptions {
  return typeof field === "string" ? { field } : field;
}

/** Title and unit as they are written on an axis. */
export function titleOf(field: Field): string {
  const { field: name, title, unit } = optionsOf(field);
  const words = title ?? name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
  return unit ? `${words} (${unit})`.trim() : words;
}

/**
 * The rows with the named fields alone, numbers rounded to six significant digits.
 *
 * @throws {TypeError} If a field is in no row.
 * @throws {RangeError} If there are no rows, or more than {@link MOST_ROWS}.
 */
export function chartRows(
  rows: readonly object[],
  fields: readonly (Field | undefined)[],
): ChartRow[] {
  if (rows.length === 0) {
    throw new RangeError("Cannot draw a chart as there are no rows: check what the query returned");
  }
  if (rows.length > MOST_ROWS) {
    throw new RangeError(
      `Cannot draw a chart of ${rows.length} rows as ${MOST_ROWS} is the most: ` +
        "sample or aggregate them first",
    );
  }
  const names = [...new Set(fields.filter((f) => f !== undefined).map((f) => optionsOf(f).field))];
  checkFields(rows, names);
  return rows.map((row) => {
    const cells = new Map<string, unknown>(Object.entries(row));
    return Object.fromEntries(names.map((name) => [name, valueOf(cells.get(name))]));
  });
}

/** @throws {TypeError} If a name is in no row. */
export function checkFields(rows: readonly object[], names: readonly string[]): void {
  const there = new Set(rows.flatMap((row) => Object.keys(row)));
  const missing = names.find((name) => !there.has(name));
  if (missing !== undefined) {
    throw new TypeError(
      `Cannot show the field "${missing}" as the rows have none of that name: ` +
        `there are ${[...there].join(", ")}`,
    );
  }
}

/** A cell as JSON can hold it; what is not a number (NaN, infinity) becomes null. */
export function valueOf(cell: unknown): Value {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell === "number") return Number.isFinite(cell) ? rounded(cell) : null;
  if (typeof cell === "string" || typeof cell === "boolean") return cell;
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? null : cell.toISOString();
  // Google's client wraps dates and timestamps so.
  if (typeof cell === "object" && "value" in cell) return valueOf(cell.value);
  return JSON.stringify(cell);
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(6));
}

const ISO_DATE = /^\d{4}-\d\d-\d\d(T[\d:.]+Z?)?$/;

/** Numbers, dates, or anything else. */
export function typeOf(rows: readonly ChartRow[], field: Field): ValueType {
  const values = valuesOf(rows, field);
  if (values.length > 0 && values.every((value) => typeof value === "number")) {
    return "quantitative";
  }
  const isDate = (value: Value) => typeof value === "string" && ISO_DATE.test(value);
  return values.length > 0 && values.every(isDate) ? "temporal" : "nominal";
}

/** A field's values that are not null. */
export function valuesOf(rows: readonly ChartRow[], field: Field): (string | number | boolean)[] {
  const { field: name } = optionsOf(field);
  return rows.map((row) => row[name]).filter((value) => value !== null);
}

/** @throws {TypeError} If a field that is drawn as a length or a shade holds anything but numbers. */
export function checkNumbers(rows: readonly ChartRow[], ...fields: readonly Field[]): void {
  const wrong = fields.find((field) => typeOf(rows, field) !== "quantitative");
  if (wrong === undefined) return;
  const { field } = optionsOf(wrong);
  throw new TypeError(
    `Cannot draw the field "${field}" as a number as it holds ` +
      `${JSON.stringify(valuesOf(rows, field)[0] ?? null)}: name a field of numbers`,
  );
}

/** A field's numbers. */
export function numbersOf(rows: readonly ChartRow[], field: Field): number[] {
  return valuesOf(rows, field).filter((value) => typeof value === "number");
}

/** A field's categories in the order asked for, else in the order of the rows. */
export function categoriesOf(
  rows: readonly ChartRow[],
  field: Field,
): (string | number | boolean)[] {
  const found = [...new Set(valuesOf(rows, field))];
  const { sort } = optionsOf(field);
  if (!sort) return found;
  const wanted = sort.filter((value) => found.includes(value));
  return [...wanted, ...found.filter((value) => !sort.includes(String(value)))];
}

/** A field's name as Vega-Lite wants it: dots and brackets would be read as paths. */
export function escaped(name: string): string {
  return name.replaceAll(/[\\.[\]'"]/g, "\\$&");
}
