/**
 * The process, if it is Node's, to ask for modules of Node: an import of them breaks bundles for browsers and the edge.
 * Bun, Deno and Cloudflare's workers have it too.
 */
export const node: Partial<Pick<NodeJS.Process, "getBuiltinModule">> = typeof process === "undefined" ? {} : process;
