/** The project's own statements over raw events, the published ones among them. */
import { cases } from "../judge.ts";
import { statementOf } from "../nasty_tables.ts";

const FILES = [
  "published/user_stats",
  "published/user_product_matrix",
  "published/create_user_clusters",
  "published/create_product_affinity",
  "features/user_stats",
  "features/user_stats_corrected",
  "features/user_product_matrix",
  "features/user_product_matrix_corrected",
];

/** The query of a CREATE, without an order: the published ones leave ties open. */
const queryOf = (statement: string) =>
  `SELECT * FROM (${statement.replace(/^[^]*?\bCREATE[^]*?\bAS\s+(?=WITH|SELECT)/, "")}\n)`;

cases("published", (await Promise.all(FILES.map(statementOf))).map(queryOf));
