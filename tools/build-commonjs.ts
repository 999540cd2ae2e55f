/**
 * The build for `require`, beside the ES modules in `dist`: for TypeScript in CommonJS, and for Jest, which can't load
 * ES modules. File by file, as `dist` is, so that modules which several entries share exist once. The folder is as deep as
 * `src` and `dist`, so that paths from there to the package's own files hold.
 */
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const OUT = "commonjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT);
await writeFile(join(OUT, "package.json"), `${JSON.stringify({ type: "commonjs", sideEffects: false })}\n`);

// The programs are ES modules.
const files = (await readdir("src", { recursive: true })).filter(
  (path) => path.endsWith(".ts") && !/^(cli|migrate\/program)\/|^migrate\/schema-engine\.ts$/.test(path),
);

// Everything else stays a file or package of its own.
const separate: Plugin = {
  name: "separate",
  setup(bundle) {
    bundle.onResolve({ filter: /^/ }, ({ kind, path }) => (kind === "entry-point" ? undefined : { path, external: true }));
  },
};
await build({
  entryPoints: files.map((path) => join("src", path)),
  outbase: "src",
  outdir: OUT,
  bundle: true,
  plugins: [separate],
  format: "cjs",
  platform: "node",
  target: "node20.19",
  define: { "import.meta": "importMeta" },
  inject: ["tools/commonjs-import-meta.js"],
  logLevel: "warning",
});

for (const path of files) {
  const types = path.replace(/ts$/, "d.ts");
  await cp(join("dist", types), join(OUT, types));
}
