/** This package's migration that creates HephaestusEcto's table. */
export const BASELINE = "20260101000000_baseline";

const TIMESTAMP = /^\d{14}(?=_)/;

/** Finds a migration of the package's in a project, by its own name or one of `freshName`'s. */
export function recognise(names: readonly string[], ownName: string): string | undefined {
  return names.find((name) => name === ownName || (TIMESTAMP.test(name) && name.replace(TIMESTAMP, "") === suffixOf(ownName)));
}

/** A name for a migration of the package's, after all that a project has: `20261122103000_hephaestus_baseline`. */
export function freshName(names: readonly string[], ownName: string, now: Date): string {
  const last = Math.max(...names.map((name) => Number(TIMESTAMP.exec(name)?.[0] ?? 0)));
  return `${Math.max(last + 1, timestampOf(now))}${suffixOf(ownName)}`;
}

/** As Prisma writes it, in UTC. */
function timestampOf(time: Date): number {
  return Number(time.toISOString().replaceAll(/\D/g, "").slice(0, 14));
}

/** What `freshName` puts after its timestamp: `_hephaestus_baseline`. */
export function suffixOf(ownName: string): string {
  return ownName.replace(TIMESTAMP, "_hephaestus");
}
