import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { ROOT } from "./snippets.js";

/** What the package weighs, in kilobytes of 1,000 bytes. */
export interface Sizes {
  /** An entry with all that it imports, minified and compressed by gzip. */
  readonly ".": number;
  readonly "./pg": number;
  /** What npm downloads. */
  readonly packed: number;
  /** What it takes on the disk. */
  readonly unpacked: number;
}

/** Weighs what has been built. */
export async function sizesOf(): Promise<Sizes> {
  const pack = execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], { cwd: ROOT, encoding: "utf8", stdio: "pipe" });
  const [packed] = JSON.parse(pack) as { size: number; unpackedSize: number }[];
  if (packed === undefined) throw new Error(`npm pack printed ${pack}`);
  return {
    ".": await entrySize("dist/index.js"),
    "./pg": await entrySize("dist/pg/index.js"),
    packed: Math.round(packed.size / 1000),
    unpacked: Math.round(packed.unpackedSize / 1000),
  };
}

async function entrySize(entry: string): Promise<number> {
  const options = { bundle: true, minify: true, format: "esm", platform: "node", write: false } as const;
  const { outputFiles } = await build({ ...options, absWorkingDir: ROOT, entryPoints: [entry] });
  return Math.round(gzipSync(outputFiles[0]?.contents ?? "").length / 1000);
}
