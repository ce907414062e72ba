/** The results of deploying as text. Pure. */
import { styleText } from "node:util";
import { placeOptions } from "./place.ts";
import type { LeftModel, UndeployResult } from "./undeploy.ts";
import type { ServedModel, ServedVersion } from "./served_model.ts";
import type { DeployResult } from "./work.ts";

/** Marks a text as important, or not. */
type Bold = (text: string) => string;
/** Whether the text goes to a terminal that shows colours. */
export interface ReportStyle {
  isColored?: boolean;
}

/** US dollars for a GiB in a month, at list price for standard storage in several regions of the US. */
const STORAGE_PRICE = 0.026;
const GIB = 2 ** 30;

const boldOf = ({ isColored = false }: ReportStyle): Bold => (text) =>
  isColored ? styleText("bold", text, { validateStream: false }) : text;

/** What is served now, ready to print. */
export function summarizeDeployed(result: DeployResult, style: ReportStyle = {}): string {
  const bold = boldOf(style);
  const { refused, console } = result;
  return [
    "",
    bold(
      `${result.isRollback ? "Rolled back" : `Deployed from ${result.dataset}`} ${place(result)}`,
    ),
    ...result.models.flatMap((model) => ["", ...aboutModel(model, result, bold)]),
    ...(refused.length > 0 ? ["", bold("Not rolled back")] : []),
    ...refused.map(({ reason }) => `  ${reason}`),
    ...(console ? ["", `Console: ${console}`, IDLE] : []),
  ].join("\n");
}

const IDLE =
  "The local cloud ends after 30 minutes without use, and with the next command it serves " +
  "again.";

function aboutModel(model: ServedModel, result: DeployResult, bold: Bold): string[] {
  const answering = model.traffic.filter(({ percent }) => percent > 0);
  const shares = answering.map(({ version, percent }) => `version ${version}: ${percent} %`);
  const isShared = shares.length > 1;
  const command = `deno task deploy --model ${model.model}${placeOptions(result)}`;
  const line = (title: string, text: string) => `  ${title.padEnd(9)} ${text}`;
  const isAlone = result.canary !== undefined && !isShared;
  return [
    bold(`${model.model}, version ${model.version}`),
    line("endpoint", model.endpoint),
    line("traffic", shares.join(", ")),
    ...(isAlone
      ? [line("canary", `version ${model.version} keeps 100 % as nothing else answers`)]
      : []),
    line("machines", answering.map(machinesOf).join(", ")),
    ...(isShared ? [line("promote", command)] : []),
    ...(isShared || model.previous !== undefined ? [line("go back", `${command} --rollback`)] : []),
    ...(model.next === undefined ? [] : [
      line(
        "next",
        `the trained model is still that of version ${model.next}, which \`${command}\``,
      ),
      line("", "would serve again: train it anew before you deploy"),
    ]),
    ...(model.instance ? ["  try", ...curl(model, result.where).map((line) => `    ${line}`)] : []),
  ];
}

function machinesOf({ version, machine, min_replicas, max_replicas }: ServedVersion): string {
  const count = min_replicas === max_replicas ? min_replicas : `${min_replicas} to ${max_replicas}`;
  return `version ${version}: ${count} × ${machine}`;
}

/**
 * The command that asks an endpoint, in lines to be pasted as they are.
 *
 * @param where On Google Cloud it carries the token of who is logged in to gcloud.
 */
export function curl(
  { predict_url: url, instance = {} }: Pick<ServedModel, "predict_url" | "instance">,
  where: "local" | "cloud",
): string[] {
  const body = JSON.stringify({ instances: [readable(instance)] });
  return [
    "curl -X POST \\",
    ...(where === "cloud"
      ? ['  -H "Authorization: Bearer $(gcloud auth print-access-token)" \\']
      : []),
    '  -H "Content-Type: application/json" \\',
    `  ${url} \\`,
    `  -d ${shellQuoted(body)}`,
  ];
}

/** To cents: nobody reads 12.799999237060547, and it is a try. */
function readable(instance: NonNullable<ServedModel["instance"]>) {
  return Object.fromEntries(
    Object.entries(instance).map(([name, value]) => [
      name,
      typeof value === "number" ? Math.round(value * 100) / 100 : value,
    ]),
  );
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const FREE =
  "  Here nothing of it costs anything; it goes with the data folder of the local cloud.";

/** What was removed and what is left, ready to print. */
export function summarizeUndeployed(result: UndeployResult, style: ReportStyle = {}): string {
  const bold = boldOf(style);
  const { removed, left } = result;
  const title = removed.length > 0 ? "Undeployed" : "Nothing was deployed";
  return [
    "",
    bold(`${title} ${place(result)}`),
    ...removed.map(({ name, endpoint }) => `  ${name}: ${endpoint} is gone`),
    ...(left.length > 0 ? ["", bold("What is left, and can be deployed again")] : []),
    ...left.flatMap((model) => aboutLeft(model, result)),
    ...(left.length > 0 && result.where === "local" ? [FREE] : []),
    "",
    ...lookedIn(result),
  ].join("\n");
}

/** Endpoints elsewhere would go on costing money. */
function lookedIn({ region, elsewhere = [], unseen = [] }: UndeployResult): string[] {
  const names = unseen.map(({ region }) => region);
  const seen = [region, ...elsewhere.filter((each) => !names.includes(each))];
  return [
    `Looked in ${seen.join(", ")}${seen.length > 1 ? "" : " only"}; in another region by --region.`,
    ...unseen.map(({ region, reason }) => `Could not look in ${region}: ${reason}`),
  ];
}

function aboutLeft(
  { model, resource, versions, folders }: LeftModel,
  { where, project }: UndeployResult,
): string[] {
  const [, , , region, , id] = resource.split("/");
  const filled = folders.filter(({ bytes }) => bytes > 0);
  const lines = [
    `  ${model}: ${versions} ${
      versions === 1 ? "version" : "versions"
    } in the model registry, free`,
    ...filled.map(({ uri, bytes }) => `    ${uri}: ${size(bytes)}${cost(bytes, where)}`),
  ];
  if (where === "local") return lines;
  return [
    ...lines,
    "    to remove it:",
    `    gcloud ai models delete ${id} --region=${region} --project=${project}`,
    ...filled.map(({ uri }) => `    gcloud storage rm --recursive ${uri}`),
  ];
}

function place({ where, project }: Pick<DeployResult, "where" | "project">): string {
  return where === "local" ? "on the local cloud" : `on project ${project}`;
}

function size(bytes: number): string {
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${amount.toLocaleString("en-US", { maximumFractionDigits: 1 })} ${unit}`;
}

function cost(bytes: number, where: "local" | "cloud"): string {
  if (where === "local") return "";
  const dollars = bytes / GIB * STORAGE_PRICE;
  return `, ${dollars < 0.01 ? "less than 0.01" : dollars.toFixed(2)} US dollars a month`;
}
