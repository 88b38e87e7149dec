import { Refusal } from "../core/refusals.ts"
import { noAddress } from "../store/database.ts"

/** What the machine says no with, and what to do about it. */
const advice: Record<string, (error: Failure) => string> = {
  EISDIR: ({ path }) => `${path ?? "what was named"} is a folder; name a file in it`,
  EEXIST: noFolder,
  ENOTDIR: noFolder,
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: forbidden,
  ENOSPC: () => "the disk is full; make room, or name a place on another",
  EADDRINUSE: ({ port }) => `port ${port} is taken; stop what listens there, or set PORT to another`,
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  ERR_INVALID_URL: () => noAddress,
  // What PostgreSQL itself says no with (appendix A of its manual).
  "28P01": refusedByDatabase,
  "28000": refusedByDatabase,
  "3D000": ({ message }) => `${message}; make it (createdb), or name another in DATABASE_URL`,
  "42501": ({ message }) =>
    `the database forbids it (${message}); make the user of DATABASE_URL the owner of the database`,
}
type Failure = Error & { code?: string; path?: string; port?: number; errors?: readonly Error[] }

function refusedByDatabase({ message }: Failure): string {
  return `the database lets nobody in (${message}); check user and password in DATABASE_URL`
}

function noFolder({ path }: Failure): string {
  return `${path ?? "what was named"} is no folder; name one, or a place where one can be made`
}

function forbidden({ path, message }: Failure): string {
  return `this user may not use ${path ?? `it (${message})`}; give them the right, or name another place`
}

/** Of an address with several numbers each attempt has an error of its own, and all of them together no words. */
function unreachable({ message, errors = [] }: Failure): string {
  const why = message || errors.map((each) => each.message).join(", ")
  return `the database does not answer (${why}); start it, or set DATABASE_URL to where it is`
}

/** What a command says when it fails, in one sentence: a no of the machine with what to do, everything else as it was thrown, a refusal in the words that say most. */
export const complaint = (error: Failure): string =>
  advice[error.code ?? ""]?.(error) ??
  ((error instanceof Refusal && error.detail) || error.message || String(error.code ?? error.name))
