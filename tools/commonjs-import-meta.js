// What `import.meta` is in a CommonJS file; esbuild adds it to those that use it.
import { pathToFileURL } from "node:url";

export const importMeta = {
  url: pathToFileURL(__filename).href,
  resolve: (name) => pathToFileURL(require.resolve(name)).href,
};
