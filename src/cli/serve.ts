import type { Command } from 'commander'
import { createApp } from '../app'
import { loadConfig } from '../config'
import { warnOfClock } from '../core/clock.service'
import type { Deps } from '../core/ctx'
import { setUpPath } from '../dashboard/sign-in/set-up'
import { lockStore, prepareStore } from '../db/open'
import type { Lock } from '../db/store'
import { createDeps } from '../deps'
import { isReachedPlainly } from '../http/hosts'
import { listen } from '../http/server'
import { checkAfterKill } from '../jobs/check-after-kill'
import { startDispatcher } from '../jobs/dispatcher'
import { startDueWork } from '../jobs/due-work'
import { startHousekeeping } from '../jobs/housekeeping'
import { startRefiling } from '../jobs/refiling'
import { isLoopbackHost } from '../lib/address'
import { systemClock } from '../lib/clock'
import { exposureOf } from '../lib/key-file'
import { keyFileOf } from '../lib/secret-keys'
import { version } from '../lib/version'
import { wholeNumber } from './options'
import { print, untilStopped, whenReachable } from './support'

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the production server')
    .option(
      '--wait <seconds>',
      'how long to wait for a database server that cannot be reached',
      wholeNumber(0, 3_600),
      0,
    )
    .addHelpText('after', whereSettingsAre)
    .action(async ({ wait }) => {
      const config = loadConfig()
      const stopped = untilStopped()
      const lock = await whenReachable(wait, () => lockStore(config, 'serve'))
      try {
        const { applied, backup } = await prepareStore(config, systemClock)
        const deps = await createDeps(config, { wanted: 'live' })
        if (applied.length > 0) deps.log.info('migrations applied', { applied, backup })
        const setUp = await setUpPath(deps)
        await serveUntilStopped(deps, lock, stopped, (url) => {
          deps.log.info('listening', { url, version, data: config.data })
          if (setUp !== null) inviteToSetUp(`${config.publicUrl ?? url}${setUp}`)
        })
      } finally {
        await lock.release()
      }
    })
}

const whereSettingsAre = `
Its address, port and other settings come from the environment or from reeve.env
in the data directory, such as REEVE_PORT=8080. "reeve config" lists them all.`

/** Only people who may read the terminal or the service's journal can set up Reeve. */
const inviteToSetUp = (link: string) =>
  print(`There is no council yet. Use this link, which works once, to set up the first:\n  ${link}`)

/** After a signal the jobs stop, running requests are finished, and the store is closed. */
export async function serveUntilStopped(
  deps: Deps,
  lock: Lock,
  stopped: Promise<string>,
  onListening: (url: string) => void,
): Promise<void> {
  const { log, store } = deps
  try {
    await warnOfClock(deps)
    const server = listen(deps, createApp(deps).handle)
    const jobs = [startDispatcher(deps), startDueWork(deps), startRefiling(deps)]
    const housekeeping = startHousekeeping(deps, notesOf(lock, deps))
    warnWhereExposed(deps)
    onListening(server.url)
    const signal = await stopped
    log.info('stopping', { signal })
    for (const job of jobs) await job.stop()
    await server.stop()
    // Last, so that key uses and audit chain ends of the last requests are included.
    await housekeeping.stop()
  } finally {
    await store.close()
  }
  log.info('stopped')
}

/** What the last server noted is kept until it is known that nothing of it is missing. */
function notesOf(lock: Lock, deps: Deps): Pick<Lock, 'note'> {
  let mayNote = lock.leftBehind === null
  if (lock.leftBehind !== null) {
    void checkAfterKill(deps, lock.leftBehind).then((isWhole) => {
      mayNote = isWhole
    })
  }
  return { note: (text) => mayNote && lock.note(text) }
}

function warnWhereExposed({ config, log }: Deps): void {
  const keyFile = keyFileOf(config)
  const exposure = keyFile === null ? null : exposureOf(keyFile)
  if (exposure !== null) log.warn(exposure)
  const database = config.databaseUrl === null ? null : new URL(config.databaseUrl)
  const isPlain = !/^(require|verify)/.test(database?.searchParams.get('sslmode') ?? '')
  if (database && isPlain && !isLoopbackHost(database.hostname)) {
    log.warn('data may cross the network unencrypted: add sslmode=verify-full to DATABASE_URL', {
      host: database.hostname,
    })
  }
  if (!isReachedPlainly(config)) return
  log.warn(
    'API keys cross the network unencrypted, and nobody can stay signed in: use a proxy with TLS and set REEVE_PUBLIC_URL',
    { host: config.host },
  )
}
