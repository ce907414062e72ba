/** Random queries over the forty events of `nasty_tables.ts`. */
import { createDraw } from "../../../../../data-samples/draw.ts";
import { type Column, Expressions, type Kind, type Scope } from "./expressions.ts";

const EVENT_COLUMNS: [string, Kind][] = [
  ["event_date", "STRING"],
  ["event_timestamp", "INT64"],
  ["event_name", "STRING"],
  ["user_pseudo_id", "STRING"],
  ["user_first_touch_timestamp", "INT64"],
  ["device.category", "STRING"],
  ["device.web_info.browser", "STRING"],
  ["geo.country", "STRING"],
  ["traffic_source.medium", "STRING"],
  ["ecommerce.total_item_quantity", "INT64"],
  ["ecommerce.purchase_revenue", "FLOAT64"],
  ["ecommerce.unique_items", "INT64"],
  ["ecommerce.transaction_id", "STRING"],
];
const ITEM_COLUMNS: [string, Kind][] = [
  ["item_name", "STRING"],
  ["item_brand", "STRING"],
  ["item_category", "STRING"],
  ["price", "FLOAT64"],
  ["quantity", "INT64"],
];
const PARAM_COLUMNS: [string, Kind][] = [
  ["key", "STRING"],
  ["value.string_value", "STRING"],
  ["value.int_value", "INT64"],
  ["value.double_value", "FLOAT64"],
];

interface From {
  sql: string;
  scope: Scope;
  /** Common table expressions it needs. */
  with?: string;
}

/** A query and the columns it yields, `o0`, `o1`, … */
interface Select {
  sql: string;
  columns: Column[];
}

const columnsOf = (alias: string, list: [string, Kind][]): Column[] =>
  list.map(([name, kind]) => ({ sql: `${alias}.${name}`, kind }));

/** The query of a seed; the same seed makes the same query. */
export function randomQuery(seed: number): string {
  return new Queries(new Expressions(createDraw(seed))).query();
}

class Queries {
  constructor(private make: Expressions) {}

  query(): string {
    const { draw } = this.make;
    if (draw.chance(0.1)) return this.#arrays();
    const { sql, columns } = this.#select(2);
    if (!draw.chance(0.4)) return sql;
    // Ordered by all that it yields, what may come in any order looks the same.
    const keys = columns.map((_, i) =>
      `${i + 1}${this.make.pick(["", " DESC", " ASC NULLS LAST", " DESC NULLS FIRST"])}`
    );
    const limit = draw.chance(0.5) ? ` LIMIT ${1 + draw.below(12)}` : "";
    const offset = limit !== "" && draw.chance(0.3) ? ` OFFSET ${draw.below(5)}` : "";
    return `SELECT * FROM (${sql}) ORDER BY ${keys.join(", ")}${limit}${offset}`;
  }

  /** Lists and structs, which nothing can be ordered by. */
  #arrays(): string {
    const { make } = this;
    const { sql, scope } = make.draw.chance(0.7) ? this.#events() : this.#selfJoin();
    const [one] = this.#list(scope, 1);
    const list = [make.array(scope, 2), `STRUCT(${one.sql} AS a, ${make.array(scope, 1)} AS b)`];
    const columns = list.slice(0, 1 + make.draw.below(2)).map((made, i) => `${made} AS o${i}`);
    return `SELECT ${columns.join(", ")} FROM ${sql}${this.#where(scope)}`;
  }

  #select(nesting: number): Select {
    const form = this.make.draw.below(10);
    if (form < 4) return this.#plain(nesting);
    if (form < 7) return this.#grouped(nesting);
    if (form < 9) return this.#windowed();
    return this.#setOperation(nesting);
  }

  #plain(nesting: number): Select {
    const from = this.#from(nesting);
    const made = this.#list(from.scope, 1 + this.make.draw.below(4));
    const distinct = this.make.draw.chance(0.15) ? "DISTINCT " : "";
    const list = made.map(({ sql }, i) => `${sql} AS o${i}`).join(", ");
    return this.#of(`SELECT ${distinct}${list}`, from, this.#where(from.scope), made);
  }

  #of(head: string, from: From, tail: string, made: Column[]): Select {
    const columns = made.map(({ kind }, i) => ({ sql: `o${i}`, kind }));
    return { sql: `${from.with ?? ""}${head} FROM ${from.sql}${tail}`, columns };
  }

  #list(scope: Scope, count: number): Column[] {
    return Array.from({ length: count }, () => {
      const kind = this.make.kind();
      return { sql: this.make.of(kind, scope, 3), kind };
    });
  }

  /** Most conditions keep some rows: without any, agreeing would mean little. */
  #where(scope: Scope): string {
    if (!this.make.draw.chance(0.4)) return "";
    const condition = this.make.of("BOOL", scope, 3);
    if (this.make.draw.chance(0.3)) return ` WHERE ${condition}`;
    const column = this.make.pick(scope.columns).sql;
    return ` WHERE ${condition} OR ${column} IS NOT NULL`;
  }

  #grouped(nesting: number): Select {
    const { draw } = this.make;
    const from = this.#from(nesting);
    const keys = Array.from({ length: draw.below(3) }, (): Column => {
      const kind = this.make.pick(["BOOL", "INT64", "STRING", "STRING"] as const);
      return { sql: this.make.of(kind, from.scope, draw.below(3)), kind };
    });
    const aggregates = Array.from({ length: 1 + draw.below(3) }, () => this.#aggregate(from.scope));
    const made = [...keys, ...aggregates];
    const list = made.map(({ sql }, i) => `${sql} AS o${i}`).join(", ");
    const group = keys.length === 0 ? "" : ` GROUP BY ${keys.map((_, i) => i + 1).join(", ")}`;
    const having = group !== "" && draw.chance(0.3) ? ` HAVING COUNT(*) > ${draw.below(4)}` : "";
    return this.#of(`SELECT ${list}`, from, `${this.#where(from.scope)}${group}${having}`, made);
  }

  #aggregate(scope: Scope): Column {
    const { make } = this;
    const of = (kind: Kind) => make.of(kind, scope, 2);
    const number = make.pick(["INT64", "FLOAT64"] as const);
    const any = make.kind();
    const columns = scope.columns.filter((column) => column.kind === "STRING");
    const column = columns.length > 0
      ? make.pick(columns).sql
      : `IF(${make.pick(scope.columns).sql} IS NULL, 'n', 'y')`;
    // Nothing may be ordered by a constant.
    const text = `IFNULL(${column}, ${of("STRING")})`;
    const float = of("FLOAT64");
    const options: Column[] = [
      { sql: "COUNT(*)", kind: "INT64" },
      { sql: `COUNT(${make.pick(["", "DISTINCT "])}${of(any)})`, kind: "INT64" },
      { sql: `SUM(${of(number)})`, kind: number },
      { sql: `AVG(MOD(${of("INT64")}, 1000))`, kind: "FLOAT64" },
      // The mean of two infinities is one or NaN: the documentation leaves it open.
      { sql: `AVG(IF(${float} BETWEEN -1e9 AND 1e9, ${float}, NULL))`, kind: "FLOAT64" },
      { sql: `${make.pick(["MIN", "MAX"])}(${of(any)})`, kind: any },
      { sql: `COUNTIF(${of("BOOL")})`, kind: "INT64" },
      { sql: `${make.pick(["LOGICAL_AND", "LOGICAL_OR"])}(${of("BOOL")})`, kind: "BOOL" },
      { sql: `STRING_AGG(${text}, ';' ORDER BY ${text})`, kind: "STRING" },
      { sql: `STRING_AGG(DISTINCT ${column} ORDER BY ${column} DESC LIMIT 2)`, kind: "STRING" },
      {
        sql: `ARRAY_LENGTH(ARRAY_AGG(${of(any)} IGNORE NULLS LIMIT ${1 + make.draw.below(5)}))`,
        kind: "INT64",
      },
      { sql: `ARRAY_AGG(${text} ORDER BY ${text} LIMIT 3)[SAFE_OFFSET(1)]`, kind: "STRING" },
    ];
    return make.pick(options);
  }

  #windowed(): Select {
    const { make } = this;
    const from = this.#ownRows();
    const carried = this.#list(from.scope, 1 + make.draw.below(2));
    const windows = Array.from({ length: 1 + make.draw.below(2) }, () => this.#window(from.scope));
    const made = [...carried, ...windows];
    const list = made.map(({ sql }, i) => `${sql} AS o${i}`).join(", ");
    const where = this.#where(from.scope);
    const tail = make.draw.chance(0.2)
      ? `${where || " WHERE TRUE"} QUALIFY ${this.#window(from.scope, "INT64").sql} > 1`
      : where;
    return this.#of(`SELECT ${list}`, from, tail, made);
  }

  #window(scope: Scope, wanted?: Kind): Column {
    const { make } = this;
    const partition = make.draw.chance(0.6) ? `PARTITION BY ${make.of("STRING", scope, 1)} ` : "";
    const first = make.draw.chance(0.5) ? [make.pick(scope.columns).sql] : [];
    const direction = () => make.pick(["", " DESC", " NULLS LAST"]);
    const keys = [...first, ...scope.key!].map((key) => `${key}${direction()}`).join(", ");
    const ordered = `${partition}ORDER BY ${keys}`;
    const frame = make.pick([
      "",
      " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW",
      " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
      " ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING",
    ]);
    const kind = make.pick(["INT64", "STRING"] as const);
    // A function of a constant is an error of its own.
    const value = `IFNULL(${make.pick(scope.columns.filter((c) => c.kind === kind)).sql}, ${
      make.of(kind, scope, 1)
    })`;
    const number = make.of("INT64", scope, 1);
    const options: Column[] = [
      { sql: `ROW_NUMBER() OVER (${ordered})`, kind: "INT64" },
      { sql: `RANK() OVER (${ordered})`, kind: "INT64" },
      { sql: `NTILE(3) OVER (${ordered})`, kind: "INT64" },
      { sql: `LAG(${value}) OVER (${ordered})`, kind },
      { sql: `LEAD(${value}, 2) OVER (${ordered})`, kind },
      { sql: `FIRST_VALUE(${value}) OVER (${ordered}${frame})`, kind },
      { sql: `LAST_VALUE(${value} IGNORE NULLS) OVER (${ordered}${frame})`, kind },
      { sql: `COUNT(${value}) OVER (${ordered}${frame})`, kind: "INT64" },
      { sql: `SUM(${number}) OVER (${ordered}${frame})`, kind: "INT64" },
      { sql: `MIN(${value}) OVER (${partition})`, kind },
      { sql: `MAX(${value}) OVER (${ordered}${frame})`, kind },
      { sql: `AVG(MOD(${number}, 1000)) OVER (${partition})`, kind: "FLOAT64" },
    ];
    return make.pick(options.filter((option) => wanted === undefined || option.kind === wanted));
  }

  #setOperation(nesting: number): Select {
    const { make } = this;
    const kinds = Array.from({ length: 1 + make.draw.below(2) }, () => make.kind());
    const side = () => {
      const from = this.#from(nesting);
      const list = kinds.map((kind, i) => `${make.of(kind, from.scope, 2)} AS o${i}`).join(", ");
      return `(${from.with ?? ""}SELECT ${list} FROM ${from.sql}${this.#where(from.scope)})`;
    };
    const operator = make.pick([
      "UNION ALL",
      "UNION DISTINCT",
      "INTERSECT DISTINCT",
      "EXCEPT DISTINCT",
    ]);
    const columns = kinds.map((kind, i) => ({ sql: `o${i}`, kind }));
    return { sql: `${side()} ${operator} ${side()}`, columns };
  }

  #events(): From {
    const alias = this.make.fresh("e");
    return {
      sql: `events AS ${alias}`,
      scope: {
        columns: columnsOf(alias, EVENT_COLUMNS),
        params: [`${alias}.event_params`],
        items: [`${alias}.items`],
        key: [`${alias}.user_pseudo_id`, `${alias}.event_name`],
      },
    };
  }

  /** Rows that have a key. */
  #ownRows(): From {
    return this.make.draw.chance(0.6) ? this.#events() : this.#unnested();
  }

  #from(nesting: number): From {
    switch (this.make.draw.below(nesting > 0 ? 8 : 5)) {
      case 0:
      case 1:
        return this.#events();
      case 2:
      case 3:
        return this.#unnested();
      case 4:
        return this.#selfJoin();
      case 5:
        return this.#derived(nesting);
      default:
        return this.#joined(nesting);
    }
  }

  #unnested(): From {
    const { make } = this;
    const { sql, scope } = this.#events();
    const [array, list, path] = make.draw.chance(0.5)
      ? ["i", ITEM_COLUMNS, scope.items[0]] as const
      : ["p", PARAM_COLUMNS, scope.params[0]] as const;
    const alias = make.fresh(array);
    const offset = make.fresh("n");
    const join = make.pick([",", " CROSS JOIN", " LEFT JOIN"]);
    const columns = [...scope.columns, ...columnsOf(alias, list), {
      sql: offset,
      kind: "INT64" as const,
    }];
    const inner = { ...scope, columns, key: [...scope.key!, offset] };
    const on = join === " LEFT JOIN" && make.draw.chance(0.4)
      ? ` ON ${make.of("BOOL", { columns: columnsOf(alias, list), params: [], items: [] }, 1)}`
      : "";
    return {
      sql: `${sql}${join} UNNEST(${path}) AS ${alias} WITH OFFSET AS ${offset}${on}`,
      scope: inner,
    };
  }

  #selfJoin(): From {
    const { make } = this;
    const [left, right] = [this.#events(), this.#events()];
    return this.#join(
      left,
      right,
      `${left.scope.columns[3].sql} = ${right.scope.columns[3].sql}`,
      make.draw.chance(0.4),
    );
  }

  #join(left: From, right: From, condition: string, further: boolean): From {
    const { make } = this;
    const scope: Scope = {
      columns: [...left.scope.columns, ...right.scope.columns],
      params: [...left.scope.params, ...right.scope.params],
      items: [...left.scope.items, ...right.scope.items],
    };
    const type = make.pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]);
    const plain = { ...scope, params: [], items: [] };
    const more = further ? ` AND ${make.of("BOOL", plain, 1)}` : "";
    return {
      sql: `${left.sql} ${type} ${right.sql} ON ${condition}${more}`,
      scope,
      with: left.with ?? right.with,
    };
  }

  /** A query inside the FROM clause, or named in front of it. */
  #derived(nesting: number): From {
    const { make } = this;
    const { sql, columns } = this.#select(nesting - 1);
    const alias = make.fresh("q");
    const scope = {
      columns: columns.map(({ sql, kind }) => ({ sql: `${alias}.${sql}`, kind })),
      params: [],
      items: [],
    };
    if (make.draw.chance(0.6)) return { sql: `(${sql}) AS ${alias}`, scope };
    return { sql: alias, scope, with: `WITH ${alias} AS (${sql}) ` };
  }

  /** Events beside a derived table, by a text. */
  #joined(nesting: number): From {
    const [left, right] = [this.#events(), this.#derived(nesting)];
    const texts = right.scope.columns.filter(({ kind }) => kind === "STRING");
    if (texts.length === 0) return left;
    const key = this.make.pick(left.scope.columns.filter(({ kind }) => kind === "STRING")).sql;
    const other = this.make.pick(texts).sql;
    return this.#join(left, right, `${key} = ${other}`, this.make.draw.chance(0.2));
  }
}
