import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

interface PackageManager {
  readonly lockFiles: readonly string[];
  readonly add: string;
  readonly addDev: string;
  /** Runs a package's program without installing the package. */
  readonly fetch: string;
}

const MANAGERS = {
  npm: { lockFiles: ["package-lock.json", "npm-shrinkwrap.json"], add: "npm install", addDev: "npm install --save-dev", fetch: "npx" },
  pnpm: { lockFiles: ["pnpm-lock.yaml"], add: "pnpm add", addDev: "pnpm add --save-dev", fetch: "pnpm dlx" },
  yarn: { lockFiles: ["yarn.lock"], add: "yarn add", addDev: "yarn add --dev", fetch: "yarn dlx" },
  bun: { lockFiles: ["bun.lock", "bun.lockb"], add: "bun add", addDev: "bun add --dev", fetch: "bunx" },
} satisfies Readonly<Record<string, PackageManager>>;

/** The command with which the user of this project installs packages. */
export function installCommand(packages: readonly string[], { dev }: { readonly dev: boolean } = { dev: false }): string {
  const { add, addDev } = packageManager(process.cwd());
  return [dev ? addDev : add, ...packages].join(" ");
}

/** The command with which the user of this project runs a program whose package isn't installed. */
export function fetchCommand(command: string): string {
  return `${packageManager(process.cwd()).fetch} ${command}`;
}

// By the nearest lock file: `npx` also runs in projects of other managers. Without one, by whoever started the process.
function packageManager(folder: string): PackageManager {
  const managers: readonly PackageManager[] = Object.values(MANAGERS);
  for (let at = folder; ; at = dirname(at)) {
    const found = managers.find(({ lockFiles }) => lockFiles.some((name) => existsSync(join(at, name))));
    if (found !== undefined) return found;
    if (at === dirname(at)) return managerOfAgent(process.env.npm_config_user_agent ?? "");
  }
}

function managerOfAgent(agent: string): PackageManager {
  const [, name] = /^(pnpm|yarn|bun)\//.exec(agent) ?? [];
  return name === "pnpm" || name === "yarn" || name === "bun" ? MANAGERS[name] : MANAGERS.npm;
}
