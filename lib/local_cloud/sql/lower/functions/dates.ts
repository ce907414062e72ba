/** All functions of dates and times. */
import type { FunctionLowering } from "../lowering.ts";
import { DATE_ARITHMETIC } from "./date_arithmetic.ts";
import { DATE_ARRAYS } from "./date_arrays.ts";
import { DATE_FORMATS } from "./date_format.ts";
import { DATE_MAKING } from "./date_making.ts";
import { DATE_PARSES } from "./date_parse.ts";
import { DATE_TRUNCS } from "./date_trunc.ts";
import { EXTRACTS } from "./extract.ts";

export const DATES: [string, FunctionLowering][] = [
  ...DATE_ARITHMETIC,
  ...DATE_ARRAYS,
  ...DATE_FORMATS,
  ...DATE_MAKING,
  ...DATE_PARSES,
  ...DATE_TRUNCS,
  ...EXTRACTS,
];
