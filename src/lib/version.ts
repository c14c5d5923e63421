import { version as packageVersion } from '../../package.json' with { type: 'json' }

declare const REEVE_COMMIT: string | undefined

export const version = packageVersion

/** Null when run from source. */
export const commit = typeof REEVE_COMMIT === 'string' ? REEVE_COMMIT : null
