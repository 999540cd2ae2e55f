import { userInfo } from "node:os";

// PostgreSQL and PgBouncer don't run as root: for root, they run as `nobody`, whom every Linux has.
const NOBODY = 65534;

/** The user and group to start a server as, if not those of this process. */
export const serverIdentity: { readonly uid: number; readonly gid: number } | undefined =
  userInfo().uid === 0 ? { uid: NOBODY, gid: NOBODY } : undefined;
