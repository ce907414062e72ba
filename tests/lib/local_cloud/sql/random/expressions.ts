/** Random expressions of a wanted type over the columns in sight. */
import type { Draw } from "../../../../../data-samples/draw.ts";

export type Kind = "BOOL" | "FLOAT64" | "INT64" | "STRING";

export interface Column {
  sql: string;
  kind: Kind;
}

/** What a FROM clause offers. */
export interface Scope {
  columns: Column[];
  /** Paths of arrays `event_params` and `items`. */
  params: string[];
  items: string[];
  /** Columns that no two rows share, if there are some. */
  key?: string[];
}

const PARAMS_OF = { INT64: "int_value", FLOAT64: "double_value", STRING: "string_value" } as const;
const KEYS = [
  "ga_session_id",
  "ga_session_number",
  "engagement_time_msec",
  "page_title",
  "page_location",
  "no_such",
];
const TEXTS = ["", "purchase", "view_item", "desktop", "Google", "é", "a", "%", "_", "Tee", "US"];
const PATTERNS = ["%", "%e%", "view\\\\_%", "_a%", "p%e", "%Tee%", ""];
const NAN = "CAST('nan' AS FLOAT64)";
const INFINITY = "CAST('inf' AS FLOAT64)";
const NO_FLOAT = "CAST(NULL AS FLOAT64)";
const ITEM_TEXTS = ["item_name", "item_brand", "item_category", "item_id"];

/** Writes expressions; the same draws make the same ones. */
export class Expressions {
  #names = 0;

  constructor(readonly draw: Draw) {}

  /** A name not used before. */
  fresh(prefix: string): string {
    return `${prefix}${++this.#names}`;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.draw.below(list.length)];
  }

  kind(): Kind {
    return this.pick(["BOOL", "FLOAT64", "INT64", "INT64", "STRING", "STRING"] as const);
  }

  /** An expression of the kind with at most `depth` calls inside one another. */
  of(kind: Kind, scope: Scope, depth: number): string {
    if (depth <= 0 || this.draw.chance(0.2)) return this.leaf(kind, scope);
    switch (kind) {
      case "BOOL":
        return this.#bool(scope, depth - 1);
      case "FLOAT64":
        return this.#float(scope, depth - 1);
      case "INT64":
        return this.#int(scope, depth - 1);
      case "STRING":
        return this.#text(scope, depth - 1);
    }
  }

  /** A column of the kind, or a literal. */
  leaf(kind: Kind, scope: Scope): string {
    const columns = scope.columns.filter((column) => column.kind === kind);
    if (columns.length > 0 && this.draw.chance(0.85)) return this.pick(columns).sql;
    return this.literal(kind);
  }

  literal(kind: Kind): string {
    switch (kind) {
      case "BOOL":
        return this.pick(["TRUE", "TRUE", "TRUE", "FALSE", "CAST(NULL AS BOOL)"]);
      case "FLOAT64":
        return this.pick(["0.0", "1.5", "-2.25", "100.0", "-0.0", NAN, INFINITY, NO_FLOAT]);
      case "INT64":
        return this.pick(["0", "1", "2", "-3", "7", "1000", "CAST(NULL AS INT64)"]);
      case "STRING":
        return this.draw.chance(0.1) ? "CAST(NULL AS STRING)" : `'${this.pick(TEXTS)}'`;
    }
  }

  /** What any kind may be: a branch, or the value of a key. */
  #any(kind: Kind, scope: Scope, depth: number): string {
    const of = () => this.of(kind, scope, depth);
    const test = () => this.of("BOOL", scope, depth);
    switch (this.draw.below(7)) {
      case 5:
        return this.#ofOtherEvents(kind, scope, depth) ?? `IFNULL(${of()}, ${of()})`;
      case 0:
        return `IF(${test()}, ${of()}, ${of()})`;
      case 1:
        return `CASE WHEN ${test()} THEN ${of()} WHEN ${test()} THEN ${of()} ELSE ${of()} END`;
      case 2:
        return `COALESCE(${of()}, ${of()}, ${of()})`;
      case 3:
        return `NULLIF(${of()}, ${of()})`;
      case 4: {
        const by = this.kind();
        const [value, one, two] = [0, 1, 2].map(() => this.of(by, scope, depth));
        return `CASE ${value} WHEN ${one} THEN ${of()} WHEN ${two} THEN ${of()} END`;
      }
      default:
        return this.#ofArray(kind, scope, depth) ?? `IFNULL(${of()}, ${of()})`;
    }
  }

  /** What other events of the same user, or the like, add up to. */
  #ofOtherEvents(kind: Kind, scope: Scope, depth: number): string | undefined {
    const texts = scope.columns.filter((column) => column.kind === "STRING");
    if (texts.length === 0) return undefined;
    const other = this.fresh("s");
    const inner: Scope = {
      columns: [
        { sql: `${other}.event_name`, kind: "STRING" },
        { sql: `${other}.event_timestamp`, kind: "INT64" },
        { sql: `${other}.ecommerce.purchase_revenue`, kind: "FLOAT64" },
        ...scope.columns.slice(0, 4),
      ],
      params: [],
      items: [],
    };
    const key = this.pick(["user_pseudo_id", "event_name", "geo.country"]);
    const more = this.draw.chance(0.4) ? ` AND ${this.of("BOOL", inner, depth - 1)}` : "";
    const from = `FROM events AS ${other} WHERE ${other}.${key} = ${this.pick(texts).sql}${more}`;
    if (kind === "BOOL") return `(${this.pick(["", "NOT "])}EXISTS (SELECT 1 ${from}))`;
    const made = {
      INT64: ["COUNT(*)", `MAX(${other}.event_timestamp)`, `COUNT(DISTINCT ${other}.event_name)`],
      FLOAT64: [`MAX(${other}.ecommerce.purchase_revenue)`, `AVG(${other}.ecommerce.unique_items)`],
      STRING: [
        `MIN(${other}.event_name)`,
        `STRING_AGG(${other}.event_name ORDER BY ${other}.event_name)`,
      ],
    }[kind];
    return `(SELECT ${this.pick(made)} ${from})`;
  }

  /** A list, of one element per item. */
  array(scope: Scope, depth: number): string {
    const item = this.fresh("x");
    const inner = this.#itemScope(item, scope);
    const kind = this.kind();
    const value = `IF(${item}.price > 10, ${this.of(kind, inner, depth)}, ${
      this.of(kind, inner, 1)
    })`;
    const where = this.draw.chance(0.5) ? ` WHERE ${this.of("BOOL", inner, depth)}` : "";
    const direction = this.pick(["", " DESC", " NULLS LAST"]);
    const limit = this.draw.chance(0.4) ? ` LIMIT ${this.draw.below(3)}` : "";
    const select = this.pick(["", `STRUCT`]) === ""
      ? value
      : `STRUCT(${value} AS a, ${item}.item_id AS b)`;
    const order = ` ORDER BY ${value}${direction}, ${item}.item_id, o${direction}${limit}`;
    const from = `UNNEST(${this.pick(scope.items)}) AS ${item} WITH OFFSET AS o`;
    return `ARRAY(SELECT ${select} FROM ${from}${where}${order})`;
  }

  /** A lookup in an array of a row. */
  #ofArray(kind: Kind, scope: Scope, depth: number): string | undefined {
    if (kind === "BOOL") return undefined;
    if (scope.params.length > 0 && this.draw.chance(0.6)) {
      const from = `UNNEST(${this.pick(scope.params)})`;
      const key = this.pick(KEYS);
      return `(SELECT value.${PARAMS_OF[kind]} FROM ${from} WHERE key = '${key}')`;
    }
    if (scope.items.length === 0) return undefined;
    const items = this.pick(scope.items);
    const item = this.fresh("x");
    const inner = this.#itemScope(item, scope);
    switch (kind) {
      case "INT64": {
        const made = this.pick(["COUNT(*)", `SUM(${item}.quantity)`, `MAX(${item}.quantity)`]);
        const where = this.draw.chance(0.5) ? ` WHERE ${this.of("BOOL", inner, depth - 1)}` : "";
        return `(SELECT ${made} FROM UNNEST(${items}) AS ${item}${where})`;
      }
      case "FLOAT64":
        return `(SELECT ${
          this.pick(["MIN", "MAX", "AVG"])
        }(${item}.price) FROM UNNEST(${items}) AS ${item})`;
      case "STRING": {
        const part = this.pick(ITEM_TEXTS);
        return this.pick([
          `${items}[SAFE_OFFSET(${this.draw.below(3)})].${part}`,
          `(SELECT STRING_AGG(${item}.${part}, '|' ORDER BY ${item}.${part}) FROM UNNEST(${items}) AS ${item})`,
          `(SELECT ${item}.${part} FROM UNNEST(${items}) AS ${item} WITH OFFSET AS o ORDER BY ${item}.price, o LIMIT 1)`,
        ]);
      }
    }
  }

  #itemScope(item: string, outer: Scope): Scope {
    const columns: Column[] = [
      ...ITEM_TEXTS.map((name): Column => ({ sql: `${item}.${name}`, kind: "STRING" })),
      { sql: `${item}.price`, kind: "FLOAT64" },
      { sql: `${item}.quantity`, kind: "INT64" },
    ];
    return { columns: [...columns, ...outer.columns.slice(0, 6)], params: [], items: [] };
  }

  #int(scope: Scope, depth: number): string {
    const int = () => this.of("INT64", scope, depth);
    const small = this.pick(["2", "3", "-1", "10"]);
    switch (this.draw.below(10)) {
      case 0:
        return `(${int()} + ${int()})`;
      case 1:
        return `(${int()} - ${int()})`;
      case 2:
        return `(${this.leaf("INT64", scope)} * ${small})`;
      case 3:
        return `MOD(${int()}, ${small})`;
      case 4:
        return `DIV(${int()}, ${small})`;
      case 5:
        return `LENGTH(${this.of("STRING", scope, depth)})`;
      case 6:
        return `CAST(${this.of("BOOL", scope, depth)} AS INT64)`;
      case 7:
        return scope.items.length > 0 ? `ARRAY_LENGTH(${this.pick(scope.items)})` : `(- ${int()})`;
      default:
        return this.#any("INT64", scope, depth);
    }
  }

  #float(scope: Scope, depth: number): string {
    const float = () => this.of("FLOAT64", scope, depth);
    switch (this.draw.below(8)) {
      case 0:
        return `(${float()} + ${float()})`;
      case 1:
        return `(${float()} - ${this.leaf("FLOAT64", scope)})`;
      case 2:
        return `(${this.leaf("FLOAT64", scope)} * ${float()})`;
      case 3:
        return `SAFE_DIVIDE(${float()}, ${float()})`;
      case 4:
        return `(${float()} / NULLIF(${this.leaf("FLOAT64", scope)}, 0))`;
      case 5:
        return `CAST(${this.#smallInt(scope, depth)} AS FLOAT64)`;
      default:
        return this.#any("FLOAT64", scope, depth);
    }
  }

  /** Not a time in microseconds, whose digits would drown those of what is added to it. */
  #smallInt(scope: Scope, depth: number): string {
    return `MOD(${this.of("INT64", scope, depth)}, 1000)`;
  }

  #text(scope: Scope, depth: number): string {
    const text = () => this.of("STRING", scope, depth);
    switch (this.draw.below(10)) {
      case 0:
        return `CONCAT(${text()}, ${text()})`;
      case 1:
        return `(${text()} || '-' || ${text()})`;
      case 2:
        return `UPPER(${text()})`;
      case 3:
        return `LOWER(${text()})`;
      case 4:
        return `SUBSTR(${text()}, ${this.pick(["1", "2", "-3", "0"])}, ${this.draw.below(6)})`;
      case 5:
        return `CAST(${this.of("INT64", scope, depth)} AS STRING)`;
      case 6:
        return `TRIM(${text()})`;
      default:
        return this.#any("STRING", scope, depth);
    }
  }

  #bool(scope: Scope, depth: number): string {
    const bool = () => this.of("BOOL", scope, depth);
    switch (this.draw.below(11)) {
      case 0:
        return `(${bool()} AND ${bool()})`;
      case 1:
        return `(${bool()} OR ${bool()})`;
      case 2:
        return `(NOT ${bool()})`;
      case 3:
        return `(${this.of(this.kind(), scope, depth)} IS ${this.pick(["", "NOT "])}NULL)`;
      case 4:
        return `(${this.of("STRING", scope, depth)} LIKE '${this.pick(PATTERNS)}')`;
      case 5:
        return this.#among(scope, depth);
      case 6: {
        const kind = this.pick(["INT64", "FLOAT64", "STRING"] as const);
        const [value, low, high] = [0, 1, 2].map(() => this.of(kind, scope, depth));
        return `(${value} BETWEEN ${low} AND ${high})`;
      }
      case 7:
        return this.#exists(scope, depth);
      case 8:
        return this.#any("BOOL", scope, depth);
      default: {
        const kind = this.kind();
        const operator = this.pick(["=", "!=", "<", "<=", ">", ">="]);
        return `(${this.of(kind, scope, depth)} ${operator} ${this.of(kind, scope, depth)})`;
      }
    }
  }

  #among(scope: Scope, depth: number): string {
    const kind = this.pick(["INT64", "FLOAT64", "STRING"] as const);
    const list = [0, 1, 2].map(() => this.literal(kind)).join(", ");
    const not = this.pick(["", "NOT "]);
    const value = this.of(kind, scope, depth);
    if (kind !== "FLOAT64" && this.draw.chance(0.2)) return `(${value} ${not}IN UNNEST([${list}]))`;
    if (kind === "STRING" && this.draw.chance(0.3)) {
      const name = this.fresh("s");
      return `(${value} ${not}IN (SELECT ${name}.event_name FROM events AS ${name} WHERE ${name}.ecommerce.unique_items > ${
        this.draw.below(3)
      }))`;
    }
    return `(${value} ${not}IN (${list}))`;
  }

  #exists(scope: Scope, depth: number): string {
    if (scope.items.length === 0) return `(${this.leaf("STRING", scope)} IS NOT NULL)`;
    const item = this.fresh("x");
    const where = this.of("BOOL", this.#itemScope(item, scope), depth - 1);
    return `EXISTS (SELECT 1 FROM UNNEST(${this.pick(scope.items)}) AS ${item} WHERE ${where})`;
  }
}
