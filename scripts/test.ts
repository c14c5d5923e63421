// The suite on SQLite and on PostgreSQL, side by side: `npm test`. `--times` measures every hook too and keeps the times
// of the files, by which the next run spreads its work. `--drills` (`npm run drills`) runs whole what a plain run takes
// samples of. Every other argument goes to `bun test`.
// REEVE_TEST_POSTGRES names a PostgreSQL server to use instead of one started here, or is `off`.
import { join } from 'node:path'
import { startPostgres } from '../tests/support/postgres-server'
import { builtBinary } from './test/binary'
import { startedBrowser } from './test/browser'
import { memoryFolder } from './test/folder'
import { isSelection, lanesFor, type Result, runLane } from './test/lanes'
import { CannotStart, serverFor } from './test/server'
import { readTimes, showHooks, showSlowest } from './test/times'

const root = join(import.meta.dir, '..')
const without = `
!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
!!  NOTHING IS TESTED ON POSTGRESQL: REEVE_TEST_POSTGRES is "off".     !!
!!  A change is tested only when the suite has passed on both engines. !!
!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
`

const flags = ['--times', '--drills']
const given = process.argv.slice(2).filter((argument) => !flags.includes(argument))
const [isTimed = false, isDrill = false] = flags.map((flag) => process.argv.includes(flag))
const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort(signal))

function report(results: readonly Result[]): void {
  const counts = ({ pass, fail, skip }: Pick<Result, 'pass' | 'fail' | 'skip'>) =>
    `${pass} pass, ${fail} fail, ${skip} skip`
  const total = (key: 'pass' | 'fail' | 'skip') => results.reduce((sum, result) => sum + result[key], 0)
  console.log('')
  for (const result of results) {
    console.log(`${result.title}: ${counts(result)}${result.isGreen ? '' : ' - FAILED'}`)
  }
  if (results.length === 1) console.error(without)
  const sum = counts({ pass: total('pass'), fail: total('fail'), skip: total('skip') })
  console.log(`${results.length > 1 ? 'both engines' : 'sqlite only'}: ${sum}`)
}

async function main(): Promise<number> {
  await using things = new AsyncDisposableStack()
  const folder = memoryFolder()
  things.defer(() => folder.remove())
  const starting = [
    serverFor(process.env.REEVE_TEST_POSTGRES, startPostgres).then((started) => {
      things.defer(async () => started?.stop())
      return started
    }),
    startedBrowser(given).then((started) => {
      things.defer(async () => started?.close())
      return started
    }),
    builtBinary(folder.path, given),
  ] as const
  // All, even if one fails: what starts later than that would not be ended, and would keep this process alive.
  await Promise.allSettled(starting)
  const [server, browser, binary] = await Promise.all(starting)
  const lanes = lanesFor({ root, folder: folder.path, server, binary, browser, given, isTimed, isDrill })
  const results = await Promise.all(lanes.map((lane) => runLane(lane, ending.signal)))
  if (ending.signal.aborted) return ending.signal.reason === 'SIGINT' ? 130 : 143
  if (isTimed) showHooks(lanes)
  if (!isSelection(given)) showSlowest(lanes.map(({ engine, timesPath }) => readTimes(engine, timesPath)))
  report(results)
  return results.every(({ isGreen }) => isGreen) ? 0 : 1
}

process.exitCode = await main().catch((error) => {
  if (!(error instanceof CannotStart)) throw error
  console.error(error.message)
  return error.exitCode
})
