import {
  afterAll as bunAfterAll,
  afterEach as bunAfterEach,
  beforeAll as bunBeforeAll,
  beforeEach as bunBeforeEach,
} from 'bun:test'
import { appendFileSync } from 'node:fs'
import { relative } from 'node:path'

const hooks = {
  beforeAll: bunBeforeAll,
  afterAll: bunAfterAll,
  beforeEach: bunBeforeEach,
  afterEach: bunAfterEach,
}

/** The same hook, which says in the file of REEVE_TEST_HOOKS how long each run of it took. */
function timed(kind: keyof typeof hooks): typeof bunBeforeAll {
  return (work, options) => {
    const place = /\((.+?):\d+\)|at (\/.+?):\d+$/.exec(new Error().stack?.split('\n')[2] ?? '')
    const file = relative(process.cwd(), place?.[1] ?? place?.[2] ?? 'unknown')
    const measured = async () => {
      const startedAt = performance.now()
      try {
        await (work as () => unknown)()
      } finally {
        const line = JSON.stringify({ kind, place: file, ms: performance.now() - startedAt })
        appendFileSync(process.env.REEVE_TEST_HOOKS as string, `${line}\n`)
      }
    }
    return hooks[kind](measured, options)
  }
}

export * from 'bun:test'
export const beforeAll = timed('beforeAll')
export const afterAll = timed('afterAll')
export const beforeEach = timed('beforeEach')
export const afterEach = timed('afterEach')
