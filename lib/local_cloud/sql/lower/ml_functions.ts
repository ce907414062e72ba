import type { MlCall, MlSchema } from "../catalog.ts";
import type { TvfScan } from "../resolved.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
export function mlSchemas(_call: MlCall): MlSchema[] {
  return [[]];
}
export function lowerMlCall(_call: MlCall, scan: TvfScan, _lower: Lowering): string {
  throw new Unsupported("ML", scan.place);
}
