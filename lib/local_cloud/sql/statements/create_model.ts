import type { RunStatement } from "../execution.ts";
import { Unsupported } from "../lower/lowering.ts";
export const createModel: RunStatement = () => {
  throw new Unsupported("CREATE MODEL");
};
