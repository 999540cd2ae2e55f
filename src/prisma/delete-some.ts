import type { DeletedRows } from "../storage/row-store.js";
import type { InstanceWhere, Selection } from "../storage/selection.js";
import type { InstanceDelegate } from "./client.js";
import { whole } from "./whole-row.js";

const ID = { id: true } as const;

/**
 * Deletes at most `limit` rows of a selection without raw SQL: finds their ids, then deletes those that are still in the
 * selection.
 */
export async function deleteSomeByVerbs(instances: InstanceDelegate, { where }: Selection, limit: number): Promise<DeletedRows> {
  const find = async (take: number, among?: Among): Promise<string[]> => {
    const rows = await instances.findMany({ where: among ?? where, select: ID, take });
    return rows.map((row) => whole<{ id: string }>(row, ID).id);
  };
  const ids = await find(limit);
  if (ids.length === 0) return { deleted: 0, more: false };
  const among: Among = { AND: [where, { id: { in: ids } }] };
  const { count } = await instances.deleteMany({ where: among });
  if (ids.length < limit || count > 0) return { deleted: count, more: ids.length === limit };
  // Others have deleted or changed them all, or an extension keeps them: then it would go on for ever.
  return { deleted: 0, more: (await find(1, among)).length === 0 };
}

interface Among {
  AND: [InstanceWhere, { id: { in: string[] } }];
}
