import { AppError, unavailable } from '../lib/errors'

/** For faults that may go away by themselves. */
export const unreachable = 'The database server cannot be reached'

export const damaged = 'The database is damaged'

/** By SQLite's error names, SQLSTATE and Bun's error codes. */
const faults: [code: RegExp, meaning: string][] = [
  [/^SQLITE_(BUSY|LOCKED)(_|$)/, 'The database is locked by another process'],
  [/^SQLITE_FULL(_|$)/, 'The disk that holds the database is full'],
  [/^SQLITE_IOERR(_|$)/, 'The database could not be read or written'],
  [/^SQLITE_READONLY(_|$)/, 'The database is read-only'],
  [/^SQLITE_CORRUPT(_|$)/, damaged],
  [/^SQLITE_NOTADB(_|$)/, 'The file is not a Reeve database'],
  [/^SQLITE_CANTOPEN(_|$)/, 'The database could not be opened'],
  [/^28/, 'The database server refused the user or password'],
  [
    /^ERR_POSTGRES_SASL_ITERATION_COUNT/,
    'The password of the database user is stored with too few iterations: set it again with scram_iterations at 4096',
  ],
  [/^3D000/, 'The database server has no database of this name'],
  [
    /^(UNABLE_TO|CERT_|DEPTH_ZERO|SELF_SIGNED|ERR_TLS)/,
    'The certificate of the database server is not trusted',
  ],
  [/^25006/, 'The database server is a read-only replica'],
  [/^(53300|53400)/, 'The database server has too many connections'],
  [/^(53|58)/, 'The database server is out of space or memory'],
  [/^(40|55P03)/, 'The database is busy with another change'],
  [/^57014/, 'The database took too long to answer'],
  [/^(08|57P|25P03|ERR_POSTGRES_(?!SERVER_ERROR|SYNTAX)|ECONN|ENOTFOUND|EAI_)/, unreachable],
]

/** Codes of an error and its causes. */
export function codesOf(error: unknown): string[] {
  const codes: unknown[] = []
  for (let cause: unknown = error, depth = 0; cause instanceof Object && depth < 5; depth++) {
    // Bun puts SQLSTATE into `errno`; its `code` is the same for all server errors.
    codes.push('errno' in cause && cause.errno, 'code' in cause && cause.code)
    cause = 'cause' in cause ? cause.cause : undefined
  }
  return codes.filter((code) => typeof code === 'string')
}

/** Explains an error that is the store's own fault; undefined for any other error. */
export const storeFault = (error: unknown): string | undefined =>
  faults.find(([form]) => codesOf(error).some((code) => form.test(code)))?.[1]

export const isUniqueViolation = (error: unknown): boolean =>
  codesOf(error).some((code) => /^(SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)|23505)$/.test(code))

/** Turns a fault of the store into an error that an operator can act on; returns other errors unchanged. */
export function toAppError(error: unknown): unknown {
  const fault = error instanceof AppError ? undefined : storeFault(error)
  return fault ? unavailable(fault, error) : error
}
