/**
 * Reads by ids that are asked for at the same time go together, as Prisma's `findUnique` do. Each caller gets the rows of
 * all, and picks its own.
 */
export function batched<Rows>(read: (ids: readonly string[]) => Promise<Rows>): (ids: readonly string[]) => Promise<Rows> {
  let next: { readonly ids: string[]; readonly rows: Promise<Rows> } | undefined;
  return (ids) => {
    if (next === undefined) {
      const all: string[] = [];
      const rows = Promise.resolve().then(() => {
        next = undefined;
        return read(all);
      });
      next = { ids: all, rows };
    }
    next.ids.push(...ids);
    return next.rows;
  };
}
