import { broken, type BrokenStorage } from "./broken-storage.js";

const CURSORS = ["id", "insertedAt", "updatedAt"].map(
  (by) => `pages of query: reject the cursor of a list by ${by} as after, and so does stream`,
);

export const brokenPages: readonly BrokenStorage[] = [
  broken(
    "begins a page at the id, not after it",
    [
      "containment: combines with pages, streams, lists, counts and prune",
      'pages of query: follow each other after the last id, with {"status":"waiting"}',
      'pages of query: follow each other after the last id, with {"contextContains":{"even":true}}',
      'pages of query: follow each other after the last id, with {"contextContains":{"even":true},"statusIn":["waiting","failed"],"workflowFamily":"Order."}',
    ],
    (storage) => ({
      async query(filters = {}, options = {}) {
        const page = await storage.query(filters, options);
        const again = options?.after ? await storage.query({ ...filters, id: options.after }) : [];
        return [...again, ...page].slice(0, options?.limit);
      },
    }),
  ),

  broken(
    "finds no page after a deleted id",
    [
      "pages of query: begin after ids that aren't stored",
      "pages of query: return no instance twice and miss none, while others are deleted and inserted",
    ],
    (storage) => ({
      async query(filters, options) {
        const page = await storage.query(filters, options);
        return options?.after && (await storage.get(options.after)) === null ? [] : page;
      },
    }),
  ),

  broken(
    "streams by offset",
    [
      "stream: goes on after an id, whether it is stored or not",
      "stream: yields no instance twice and misses none, while others are deleted and inserted",
    ],
    (storage) => ({
      stream(filters, options) {
        storage.stream(filters, options);
        return (async function* () {
          const { batchSize = 100, signal } = options ?? {};
          for (let offset = 0; ; offset += batchSize) {
            const all = await storage.query(filters, signal && { signal });
            const page = all.slice(offset, offset + batchSize);
            yield* page;
            if (page.length < batchSize) return;
          }
        })();
      },
    }),
  ),

  broken(
    "streams only one batch",
    [
      "containment: combines with pages, streams, lists, counts and prune",
      'stream: yields what query returns, whatever the batch size, with {"status":"waiting"}',
      'stream: yields what query returns, whatever the batch size, with {"contextContains":{"even":true}}',
      'stream: yields what query returns, whatever the batch size, with {"contextContains":{"even":true},"statusIn":["waiting","failed"],"workflowFamily":"Order."}',
      "stream: goes on after an id, whether it is stored or not",
      "stream: yields no instance twice and misses none, while others are deleted and inserted",
      "stream: ends when its reader ends it, and leaves other streams alone",
      "signals: ends a stream between two batches, with the reason",
    ],
    (storage) => ({
      stream(filters, options = {}) {
        storage.stream(filters, options);
        return (async function* () {
          const { batchSize: limit = 100, signal } = options;
          yield* await storage.query(filters, { limit, ...(signal && { signal }) });
        })();
      },
    }),
  ),

  broken(
    "rejects a stream only when it is read",
    [
      "stream: rejects what query rejects, at once",
      "stream: rejects options that are unknown or impossible at once",
      "arguments: rejects a place that PostgreSQL can't read",
      ...CURSORS,
    ],
    (storage) => ({
      async *stream(filters, options) {
        yield* storage.stream(filters, options);
      },
    }),
  ),

  broken(
    "lists by offset",
    [
      "list: returns no row twice and misses none, while others are deleted and inserted, by id",
      "list: returns no row twice and misses none, while others are deleted and inserted, by insertedAt",
    ],
    (storage) => {
      const offsets = new Map<string, number>();
      return {
        async list(filters, options = {}) {
          const { nextCursor } = await storage.list(filters, options);
          const { cursor, limit = 50, ...order } = options;
          const offset = offsets.get(cursor ?? "") ?? 0;
          const { items } = await storage.list(filters, { ...order, limit: 1_000 });
          if (nextCursor !== null) offsets.set(nextCursor, offset + limit);
          return { items: items.slice(offset, offset + limit), nextCursor };
        },
      };
    },
  ),

  broken(
    "has cursors that die with their row",
    [
      "list: returns no row twice and misses none, while others are deleted and inserted, by id",
      "list: returns no row twice and misses none, while others are deleted and inserted, by insertedAt",
    ],
    (storage) => {
      const rows = new Map<string, string>();
      return {
        async list(filters, options = {}) {
          const page = await storage.list(filters, options);
          if (page.nextCursor !== null) rows.set(page.nextCursor, page.items.at(-1)?.id ?? "");
          const row = rows.get(options.cursor ?? "");
          return row !== undefined && (await storage.get(row)) === null ? { items: [], nextCursor: null } : page;
        },
      };
    },
  ),

  broken(
    "lists times in one direction only",
    [
      "list: returns rows in the order of insertedAt asc, also page by page",
      "list: returns rows in the order of updatedAt asc, also page by page",
      'list: returns each row once if many have one time, with {"status":"waiting"}',
      'list: returns each row once if many have one time, with {"contextContains":{"even":true}}',
      'list: returns each row once if many have one time, with {"contextContains":{"even":true},"statusIn":["waiting","failed"],"workflowFamily":"Order."}',
    ],
    (storage) => ({
      async list(filters, options = {}) {
        await storage.list(filters, options);
        return storage.list(filters, options.orderBy !== "id" && options.direction === "asc" ? { ...options, direction: "desc" } : options);
      },
    }),
  ),

  broken(
    "returns a cursor on the last page",
    [
      "list: returns rows in the order of id asc, also page by page",
      "list: returns rows in the order of id desc, also page by page",
      "list: returns rows in the order of insertedAt asc, also page by page",
      "list: returns rows in the order of insertedAt desc, also page by page",
      "list: returns rows in the order of updatedAt asc, also page by page",
      "list: returns rows in the order of updatedAt desc, also page by page",
      "list: ends exactly where the rows end",
      "list: rejects a text that is not a cursor, or one of another order",
      ...CURSORS,
    ],
    (storage) => ({
      async list(filters, options = {}) {
        const page = await storage.list(filters, options);
        const last =
          page.items.length === (options.limit ?? 50) ? await storage.list(filters, { ...options, limit: page.items.length - 1 }) : page;
        return { ...page, nextCursor: page.nextCursor ?? last.nextCursor };
      },
    }),
  ),

  broken(
    "treats any cursor as the beginning",
    ["list: rejects a text that is not a cursor, or one of another order", "arguments: rejects a place that PostgreSQL can't read"],
    (storage) => ({
      async list(filters, options = {}) {
        const rest = Object.fromEntries(Object.entries(options).filter(([name]) => name !== "cursor"));
        return storage.list(filters, options).catch((error: { option?: unknown }) => {
          if (error.option !== "cursor" || typeof options.cursor !== "string") throw error;
          return storage.list(filters, rest);
        });
      },
    }),
  ),

  broken(
    "takes the cursor of a list for an id",
    [...CURSORS, "pages of query: reject options that are unknown or impossible", "arguments: rejects a place that PostgreSQL can't read"],
    (storage) => ({
      async query(filters, options = {}) {
        return storage.query(filters, options).catch((error: { option?: unknown }) => {
          if (error.option !== "after" || typeof options.after !== "string") throw error;
          return storage.query(filters);
        });
      },
    }),
  ),

  broken(
    "takes no cursor that is null",
    [
      "list: takes null and undefined as the cursor of the first page",
      ...["id", "insertedAt"].map((by) => `list: returns no row twice and misses none, while others are deleted and inserted, by ${by}`),
    ],
    (storage) => ({
      async list(filters, options = {}) {
        if (options.cursor === null) throw new TypeError("there is no cursor");
        return storage.list(filters, options);
      },
    }),
  ),
];
