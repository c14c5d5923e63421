import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type Config, loadConfig, processEnvironment } from '../config'
import { lockStore, prepareStore } from '../db/open'
import { createDeps } from '../deps'
import { type Demo, demoSlugs, seedDemo } from '../dev/demo'
import { systemClock } from '../lib/clock'
import { wholeNumber } from './options'
import { serveUntilStopped } from './serve'
import { print, printJson, untilStopped } from './support'

type DevOptions = { port?: number; seed: number; cases: number; data?: string; json?: boolean }

export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .description('serve councils full of demo data, to try Reeve and test integrations')
    .option('--port <port>', 'port to listen on', wholeNumber(0, 65_535))
    .option('--seed <number>', 'the same seed gives the same ids, keys and data', wholeNumber(0, 2 ** 31), 1)
    .option('--cases <number>', 'number of cases', wholeNumber(0, 100_000), 500)
    .option('--data <directory>', 'keep the data here; otherwise it is deleted when you stop')
    .option('--json', 'print URL and keys as JSON')
    .action(serveDemo)
}

async function serveDemo({ port, seed, cases, data, json }: DevOptions): Promise<void> {
  // First, so that the data is deleted even if the command is stopped early.
  const stopped = untilStopped()
  const directory = data ?? mkdtempSync(join(tmpdir(), 'reeve-dev-'))
  const settings = loadConfig({
    REEVE_LOG_FORMAT: 'pretty',
    ...processEnvironment(),
    REEVE_DATA: directory,
    ...(port === undefined ? {} : { REEVE_PORT: String(port) }),
  })
  // Never put demo data into a council's database.
  const config: Config = { ...settings, databaseUrl: null, rateLimitStore: 'memory' }
  try {
    const lock = await lockStore(config, 'serve')
    try {
      await prepareStore(config, systemClock)
      const deps = await createDeps(config, { wanted: 'test' })
      if (!json) print(`Making demo councils with ${cases} cases; this takes some seconds …`)
      const demo = await seedDemo(deps, seed, cases)
      await serveUntilStopped(deps, lock, stopped, (url) =>
        json ? printJson({ url, data: directory, ...demo }) : welcome(url, demo, data),
      )
    } finally {
      await lock.release()
    }
  } finally {
    if (data === undefined) rmSync(directory, { recursive: true, force: true })
  }
}

function welcome(url: string, { keys, login, guideKey }: Demo, data: string | undefined): void {
  print(`
Reeve is serving demo councils at ${url}
API documentation: ${url}/swagger
Feeds that need no key: ${url}/public/${demoSlugs.council}/news.rss, and beside it events.ics, cases.rss and cases.json

Dashboard: ${url}/admin
  council ${login.council}, e-mail ${login.email}, password ${login.password}

Keys, one for each plan (not secret, as this is demo data):
  council  ${keys.council}
  pro      ${keys.pro}
  free     ${keys.free}

Try it:
  curl -s -H "Authorization: Bearer ${keys.council}" "${url}/api/cases?pageSize=1"

The samples of the guides, ${url}/swagger/guide, run as they are in a terminal where you have run this:
  export REEVE_URL=${url} REEVE_KEY=${guideKey}

Each request is shown below. Press Ctrl+C to stop${data === undefined ? '; the demo data is then removed' : ''}.`)
}
