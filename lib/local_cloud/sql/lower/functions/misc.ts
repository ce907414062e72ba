/** Functions of no family. */
import { duckdbType } from "../../../warehouse/types.ts";
import type { FunctionLowering } from "../lowering.ts";

/** ERROR(message) has whatever type is wanted of it; a NULL message is an empty one. */
const raised: FunctionLowering = ([message], call) =>
  call.errorMode === "SAFE_ERROR_MODE"
    ? `NULL::${duckdbType(call.type)}`
    : `CAST(error(coalesce(${message}, '')) AS ${duckdbType(call.type)})`;

export const MISC: [string, FunctionLowering][] = [
  ["error", raised],
  ["generate_uuid", () => "CAST(uuid() AS VARCHAR)"],
];
