import { type Config, loadConfig } from '../config'
import type { Actor, Ctx, Deps } from '../core/ctx'
import { consoleCtx } from '../core/tenants/service'
import { unreachable } from '../db/faults'
import { createDeps } from '../deps'
import { accountName } from '../lib/account'
import { systemClock } from '../lib/clock'
import { AppError } from '../lib/errors'

/** Anybody who may read the data directory may run commands. */
export const consoleActor = (): Actor => {
  const name = accountName()
  return { type: 'cli', id: name, name, ip: null }
}

/** Works with or without a running server. Throws if there is no store. */
export async function withDeps<T>(
  work: (deps: Deps) => Promise<T>,
  config: Config = loadConfig(),
): Promise<T> {
  const deps = await createDeps(config)
  try {
    return await work(deps)
  } finally {
    await deps.store.close()
  }
}

export const withTenant = <T>(slug: string, work: (ctx: Ctx, deps: Deps) => Promise<T>): Promise<T> =>
  withDeps(async (deps) => work(await consoleCtx(deps, slug, consoleActor()), deps))

export const print = (text: string) => void process.stdout.write(`${text}\n`)
export const printJson = (value: unknown) => print(JSON.stringify(value, null, 2))

export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, i) =>
    Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)),
  )
  for (const row of [headings, ...rows]) {
    print(
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
}

/** Resolves at SIGTERM or SIGINT; a second signal ends the process at once. */
export const untilStopped = () =>
  new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1))
        resolve(signal)
      })
    }
  })

const retryMs = 1_000

/** Retries for this many seconds while the database server cannot be reached. */
export async function whenReachable<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  const giveUpAt = systemClock.monotonic() + seconds * 1_000
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const isDown = error instanceof AppError && error.message === unreachable
      if (!isDown || systemClock.monotonic() >= giveUpAt) throw error
      await Bun.sleep(retryMs)
    }
  }
}
