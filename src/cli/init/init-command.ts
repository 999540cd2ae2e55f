import { tableOption } from "../../sql/table-name.js";
import { parseArguments } from "../arguments.js";
import type { Command } from "../command.js";
import { UsageFailure } from "../failure.js";
import { INDEX_CHOICES } from "../project/index-choices.js";
import { migrateCommands } from "../project/migrate-commands.js";
import { placeOf, storageCall, urlSchemaOf } from "../project/model-table.js";
import { findProject, type Project } from "../project/prisma-project.js";
import { type FileAction, formatAction, toJson } from "./file-action.js";
import { performActions } from "./perform-actions.js";
import { planDrops } from "./plan-drops.js";
import { planMigrations } from "./plan-migrations.js";
import { type ModelPlan, planModel } from "./plan-model.js";

const CHOICES = INDEX_CHOICES.map(({ name }) => name);

const HELP = `Usage: hephaestus-prisma init [options]

Adds the model WorkflowInstance to your Prisma schema: as a file of its own if the schema is a folder, at the end of the
file if it is one file. Adds this package's migrations after yours, with fresh timestamps. Finds both through your Prisma
config, and needs no database. Whatever is there already is recognised and kept, so you can run init again at any time:
after an update of this package, it adds the migrations that are new.

  --without <names>    leaves indexes out, for faster puts: a list of ${CHOICES.join(", ")}. Takes their lines out of
                       the model, and adds migrations that drop them. init keeps to it from then on
  --folder             for a schema of one file: prints how to make it a folder, and writes nothing
  --link               links the model file to this package's instead of copying it
  --force              replaces a model file that differs from this package's
  --ecto               prints how to take over the table that HephaestusEcto has created
  --dry-run            writes nothing, and prints what it would do
  --json               prints the result as JSON: {"dryRun":false,"actions":[…],"next":[…],
                       "table":"public.workflow_instances","afterHephaestusEcto":[…]}
  --config <file>      the Prisma config. Default: the one that Prisma's CLI finds
  --schema <path>      the schema, a file or a folder. Default: the config's
  --migrations <path>  the folder of the migrations. Default: the config's
  -h, --help           this text

Exits with 0 when all is in place, 1 after a failure or when the model or a migration differs from this package's, 2 if
the command line is wrong.
`;

const OPTIONS = {
  without: { type: "string", multiple: true },
  folder: { type: "boolean", default: false },
  link: { type: "boolean", default: false },
  force: { type: "boolean", default: false },
  ecto: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  config: { type: "string" },
  schema: { type: "string" },
  migrations: { type: "string" },
} as const;

/** The first step of a project, and of every update. */
export const initCommand: Command = { help: HELP, run };

async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArguments(argv, { options: OPTIONS });
  const without = parseWithout(values.without ?? []);
  const project = await findProject(values);
  const now = new Date();
  const model = await planModel(project, values, without);
  const { actions, names, baseline } = await planMigrations(project.migrations, now);
  const drops = planDrops(project.migrations, names, { without, removed: model.removed }, now);
  const plan = [...model.actions, ...actions, ...drops];
  const { generate, deploy, resolve } = await migrateCommands(project.folder);
  const printed = {
    dryRun: values["dry-run"],
    plan,
    next: [generate, deploy],
    resolveBaseline: resolve("applied", baseline),
    sql: await sqlOf(project, model),
    afterEcto: values.ecto,
  };
  if (!values["dry-run"]) await performActions(plan);
  process.stdout.write((values.json ? asJson : asText)(printed));
  return plan.some(({ action }) => action === "differ") ? 1 : 0;
}

/** What is printed. */
interface Printed {
  readonly dryRun: boolean;
  readonly plan: readonly FileAction[];
  /** The commands that follow. */
  readonly next: readonly string[];
  /** The one that takes over HephaestusEcto's table, and whether it was asked for. */
  readonly resolveBaseline: string;
  readonly afterEcto: boolean;
  readonly sql: SqlOption | undefined;
}

/** How a storage sends SQL. */
interface SqlOption {
  /** The option `table`. */
  readonly table: string;
  readonly call: string;
  /** What the schema in it depends on and is not known here, or nothing. */
  readonly doubt: string;
}

async function sqlOf(project: Project, { model }: ModelPlan): Promise<SqlOption | undefined> {
  if (model === undefined) return undefined;
  const { schema, unset } = await urlSchemaOf(project);
  const place = placeOf(model, schema);
  const table = tableOption(place.schema, place.table);
  const isGuess = model.schema === undefined && unset.length > 0;
  const doubt = `where ${schema} is a guess: ?schema= of ${unset.join(" and ")}, which is not set here, may name another schema\n`;
  return { table, call: storageCall(model, table), doubt: isGuess ? doubt : "" };
}

/** The indexes of the choices that are named. @throws {UsageFailure} for an unknown name. */
function parseWithout(lists: readonly string[]): string[] {
  const named = lists.flatMap((list) => list.split(",")).map((name) => name.trim());
  const unknown = named.find((name) => !CHOICES.includes(name));
  if (unknown !== undefined)
    throw new UsageFailure(`--without is invalid: expected a list of ${CHOICES.join(", ")}, found ${JSON.stringify(unknown)}`);
  return INDEX_CHOICES.filter(({ name }) => named.includes(name)).flatMap(({ indexes }) => indexes);
}

function asText({ dryRun, plan, next, resolveBaseline, afterEcto, sql }: Printed): string {
  const [generate, deploy] = next;
  const steps = afterEcto ? [resolveBaseline, generate, deploy] : next;
  return `${plan.map((step) => formatAction(step, dryRun)).join("\n")}

Next:
${steps.map((line) => `  ${line}`).join("\n")}
${sql === undefined ? "" : `\n${SQL}\n  ${sql.call}\n${sql.doubt}`}`;
}

const SQL = "A storage calls Prisma's verbs. For SQL (exact digits, containment, faster puts), name its table:";

function asJson({ dryRun, plan, next, resolveBaseline, sql }: Printed): string {
  const { table } = sql ?? {};
  return `${JSON.stringify({ dryRun, actions: plan.map(toJson), next, table, afterHephaestusEcto: [resolveBaseline] })}\n`;
}
