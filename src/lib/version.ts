import { version as packageVersion } from '../../package.json' with { type: 'json' }

declare const REEVE_COMMIT: string | undefined
declare const REEVE_YEAR: number | undefined

export const version = packageVersion

/** Null when run from source. */
export const commit = typeof REEVE_COMMIT === 'string' ? REEVE_COMMIT : null

/** The year of that commit; when run from source, one that is long past. */
export const builtIn = typeof REEVE_YEAR === 'number' ? REEVE_YEAR : 2025
