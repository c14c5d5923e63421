import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type Config, loadConfig, processEnvironment } from '../config'
import { lockStore, migrateStore } from '../db/open'
import { createDeps } from '../deps'
import { type Demo, demoSlugs, seedDemo } from '../dev/demo'
import { systemClock } from '../lib/clock'
import { serveUntilStopped } from './serve'
import { print, printJson, untilStopped, wholeNumber } from './support'

type DevOptions = { port?: number; seed: number; cases: number; data?: string; json?: boolean }

export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .description('serve a council full of demo data, to try Reeve and to test integrations')
    .option('--port <port>', 'port to listen on', wholeNumber(0, 65_535))
    .option('--seed <number>', 'same seed, same ids, keys and data', wholeNumber(0, 2 ** 31), 1)
    .option('--cases <number>', 'how many cases', wholeNumber(0, 100_000), 500)
    .option('--data <directory>', 'keep the data there; without it, it is removed at the end')
    .option('--json', 'print URL and keys as JSON')
    .action(serveDemo)
}

async function serveDemo({ port, seed, cases, data, json }: DevOptions): Promise<void> {
  // Before anything is made, so that what is made is also removed when it is stopped early.
  const stopped = untilStopped()
  const directory = data ?? mkdtempSync(join(tmpdir(), 'reeve-dev-'))
  const settings = loadConfig({
    REEVE_LOG_FORMAT: 'pretty',
    ...processEnvironment(),
    REEVE_DATA: directory,
    ...(port === undefined ? {} : { REEVE_PORT: String(port) }),
  })
  // A demo is never put into a council's database.
  const config: Config = { ...settings, databaseUrl: null, rateLimitStore: 'memory' }
  try {
    const lock = await lockStore(config, 'serve')
    try {
      await migrateStore(config, systemClock)
      const deps = await createDeps(config, { wanted: 'test' })
      const demo = await seedDemo(deps, seed, cases)
      await serveUntilStopped(deps, stopped, (url) =>
        json ? printJson({ url, data: directory, ...demo }) : welcome(url, demo),
      )
    } finally {
      await lock.release()
    }
  } finally {
    if (data === undefined) rmSync(directory, { recursive: true, force: true })
  }
}

function welcome(url: string, { keys, login }: Demo): void {
  print(`
Reeve serves a demo council on ${url}
API documentation: ${url}/swagger
Feeds without a key: ${url}/public/${demoSlugs.council}/ with news.rss, events.ics, cases.rss and cases.json

Dashboard: ${url}/admin
  council ${login.council}, e-mail ${login.email}, password ${login.password}

Keys, one a plan (they are public: this is demo data):
  council  ${keys.council}
  pro      ${keys.pro}
  free     ${keys.free}

Try it:
  curl -s -H "Authorization: Bearer ${keys.council}" "${url}/api/cases?pageSize=1"

Stop it with Ctrl+C.`)
}
