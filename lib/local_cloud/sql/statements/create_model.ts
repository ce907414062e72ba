import { Unsupported } from "../lower/lowering.ts";
import type { RunStatement } from "./mod.ts";
export const createModel: RunStatement = () => {
  throw new Unsupported("CREATE MODEL");
};
