import { parseArguments } from "../arguments.js";
import type { Command } from "../command.js";
import { UsageFailure } from "../failure.js";
import { carryOut, type FileAction, tell, toJson } from "./file-action.js";
import { planMigrations } from "./plan-migrations.js";
import { planModel } from "./plan-model.js";
import { findProject } from "../project/prisma-project.js";

const HELP = `Usage: hephaestus-prisma init [options]

Puts the model WorkflowInstance into your Prisma schema, and this package's migrations behind yours, with fresh timestamps.
Finds both through your Prisma config, and needs no database. Whatever is there already is recognised and left, so that
init may run again at any time: after an update of this package, it adds the migrations that are new.

  --link               links the model file to this package's instead of copying it
  --append             appends the model to a schema of one file
  --force              replaces a model file that differs from this package's
  --dry-run            writes nothing, and tells what it would do
  --json               tells the result as JSON: {"dryRun":false,"actions":[…],"next":[…],"afterHephaestusEcto":[…]}
  --config <file>      the Prisma config; where it is left out, the one that Prisma's CLI would find
  --schema <path>      the schema, a file or a folder, instead of the config's
  --migrations <path>  the folder of the migrations, instead of the config's
  -h, --help           this text

Exits with 0 when all is in place, 1 after a failure or when the model or a migration differs from this package's, 2 where
the command line is wrong.
`;

const OPTIONS = {
  link: { type: "boolean", default: false },
  append: { type: "boolean", default: false },
  force: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  config: { type: "string" },
  schema: { type: "string" },
  migrations: { type: "string" },
} as const;

const NEXT = ["npx prisma generate", "npx prisma migrate deploy"];

/** The first step of a project, and of every update. */
export const initCommand: Command = { summary: "put the model and the migrations into your project", help: HELP, run };

async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArguments(argv, { options: OPTIONS });
  if (values.append && values.link) throw new UsageFailure("--append and --link can't both be: what is appended is a copy");
  const project = await findProject(values);
  const model = await planModel(project, values);
  const { actions, baseline } = await planMigrations(project.migrations, new Date());
  const plan = [model, ...actions];
  if (!values["dry-run"]) for (const step of plan) await carryOut(step);
  process.stdout.write((values.json ? asJson : asText)(plan, baseline, values["dry-run"]));
  return plan.some(({ action }) => action === "differ") ? 1 : 0;
}

function asText(plan: readonly FileAction[], baseline: string, dryRun: boolean): string {
  return `${plan.map((step) => tell(step, dryRun)).join("\n")}

Next:
${NEXT.map((line) => `  ${line}`).join("\n")}

Where HephaestusEcto has made the table already, say so once, before you deploy:
  ${resolveBaseline(baseline)}
`;
}

function asJson(plan: readonly FileAction[], baseline: string, dryRun: boolean): string {
  return `${JSON.stringify({ dryRun, actions: plan.map(toJson), next: NEXT, afterHephaestusEcto: [resolveBaseline(baseline)] })}\n`;
}

function resolveBaseline(baseline: string): string {
  return `npx prisma migrate resolve --applied ${baseline}`;
}
