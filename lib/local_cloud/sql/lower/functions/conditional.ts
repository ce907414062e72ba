/** CASE, IF, COALESCE and their kin: only the branch that is taken is evaluated. */
import { type FunctionLowering, hasSubquery, once } from "../lowering.ts";
import { COMPARISONS } from "./comparison.ts";

const equal = new Map(COMPARISONS).get("$equal")!;

/** `CASE WHEN c THEN v … ELSE e END`: conditions and values by turns, then the ELSE. */
const caseNoValue: FunctionLowering = (args) => {
  const branches: string[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) branches.push(`WHEN ${args[i]} THEN ${args[i + 1]}`);
  const otherwise = args.length % 2 === 1 ? ` ELSE ${args[args.length - 1]}` : "";
  return `CASE ${branches.join(" ")}${otherwise} END`;
};

/** `CASE x WHEN a THEN v …`, compared by GoogleSQL's `=`. */
const caseWithValue: FunctionLowering = (args, call, lower) => {
  const [x, ...rest] = args;
  const write = (value: string) => {
    const branches: string[] = [];
    for (let i = 1; i + 1 < args.length; i += 2) {
      const argumentList = [call.argumentList[0], call.argumentList[i]];
      const test = equal([value, args[i]], { ...call, argumentList }, lower);
      branches.push(`WHEN ${test} THEN ${args[i + 1]}`);
    }
    const otherwise = args.length % 2 === 0 ? ` ELSE ${args[args.length - 1]}` : "";
    return `CASE ${branches.join(" ")}${otherwise} END`;
  };
  // The branches may not be evaluated ahead, and a lambda cannot hold their subqueries.
  return rest.some(hasSubquery) ? write(x) : once(x, write);
};

const nullIf: FunctionLowering = (args, call, lower) =>
  once(
    args[0],
    (value) => `CASE WHEN ${equal([value, args[1]], call, lower)} THEN NULL ELSE ${value} END`,
  );

export const CONDITIONALS: [string, FunctionLowering][] = [
  ["$case_no_value", caseNoValue],
  ["$case_with_value", caseWithValue],
  ["coalesce", (args) => `coalesce(${args.join(", ")})`],
  ["if", ([condition, yes, no]) => `CASE WHEN ${condition} THEN ${yes} ELSE ${no} END`],
  ["ifnull", (args) => `coalesce(${args.join(", ")})`],
  ["nullif", nullIf],
];
