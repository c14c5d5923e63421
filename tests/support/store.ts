import { afterEach } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../src/lib/errors'

/** Makes a new directory a call and removes them all after each test. */
export function temporaryDirectories(): () => string {
  const made: string[] = []
  afterEach(() => {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true })
  })
  return () => {
    const directory = mkdtempSync(join(tmpdir(), 'reeve-test-'))
    made.push(directory)
    return directory
  }
}

/** The refusal this work ends in; any other error, or none, fails the test. */
export async function refusalOf(work: () => unknown): Promise<AppError> {
  let result: unknown
  try {
    result = await work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error(`Expected a refusal, got ${JSON.stringify(result)}`)
}
