import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TestBrowser } from './browser'
import type { Server } from './server'

export type Engine = 'sqlite' | 'postgres'

/** One `bun test` with its engine, its share of the files and where it writes its times. */
export type Lane = {
  engine: Engine
  title: string
  command: string[]
  root: string
  env: Record<string, string>
  timesPath: string
  hooksPath: string
}

export type Result = { title: string; isGreen: boolean; pass: number; fail: number; skip: number }

type Given = {
  root: string
  folder: string
  server: Server | null
  binary: string | null
  browser: TestBrowser | null
  given: readonly string[]
  isTimed: boolean
  isDrill: boolean
}

/** Tests that prove nothing about the engine: run once, unless they are asked for by name. */
const engineless = [
  'tests/architecture.test.ts',
  'tests/binary/binary.test.ts',
  'tests/binary/casework.test.ts',
  'tests/binary/disk.test.ts',
  'tests/binary/killed-writers.test.ts',
  'tests/binary/power-cut.test.ts',
  'tests/readme.test.ts',
  'tests/browser/**',
  'tests/cli/**',
  'tests/core/config.test.ts',
  'tests/core/passwords.test.ts',
  'tests/core/scopes.test.ts',
  'tests/docs/**',
  'tests/http/head.test.ts',
  'tests/http/proxies.test.ts',
  'tests/http/unwanted-bodies.test.ts',
  'tests/lib/**',
  'tests/scripts/**',
]

/** Long enough for a busy machine: a limit that is reached means that something hangs. */
const limitMs = 120_000
/** Of each engine; more together than most machines have cores, because tests wait for child processes and sockets too. */
const workers = 2

/** The test files that take more in a drill, by themselves or by a helper that they import. */
function drillFiles(root: string): string[] {
  const files = [...new Bun.Glob('tests/**/*.ts').scanSync(root)]
  const importsOf = (file: string) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/ from '(\.[^']+)'/g)].map(
      ([, specifier = '']) => `${join(dirname(file), specifier)}.ts`,
    )
  const imports = new Map(files.map((file) => [file, importsOf(file)]))
  const drill = join('tests', 'support', 'drill.ts')
  const knowing = new Set([drill, ...files.filter((file) => imports.get(file)?.includes(drill))])
  return files.filter(
    (file) => file.endsWith('.test.ts') && imports.get(file)?.some((imported) => knowing.has(imported)),
  )
}

/** Whether the arguments name files or tests, so that only a part of the suite runs. */
export const isSelection = (given: readonly string[]) => given.length > 0

/** Stores how long each test file took, so that a later run can spread them evenly. */
export const timingsFile = (engine: Engine) => `scripts/test/timings.${engine}.json`

export function lanesFor(all: Given): Lane[] {
  const { server } = all
  const sqlite = laneFor(all, 'sqlite', 'SQLite', {})
  if (!server) return [sqlite]
  return [
    sqlite,
    laneFor(all, 'postgres', `PostgreSQL ${server.version}`, { REEVE_TEST_POSTGRES: server.url }),
  ]
}

function laneFor(
  { root, folder, binary, browser, given, isTimed, isDrill }: Given,
  engine: Engine,
  title: string,
  extra: Record<string, string>,
): Lane {
  const [timesPath, hooksPath] = [join(folder, `${engine}.xml`), join(folder, `${engine}.hooks`)]
  const isWhole = !isSelection(given)
  const files = isDrill && isWhole ? drillFiles(root) : given
  const command = [
    ...[process.execPath, 'test', '--no-orphans', '--timeout', String(limitMs)],
    ...['--reporter=junit', `--reporter-outfile=${timesPath}`],
    ...(isWhole
      ? [`--parallel=${workers}`, '--no-isolate', '--only-failures', `--timings=${timingsFile(engine)}`]
      : []),
    ...(isWhole && engine === 'postgres' ? engineless.map((path) => `--path-ignore-patterns=${path}`) : []),
    ...(isTimed ? ['--preload', './scripts/test/time-hooks.ts'] : []),
    ...(isTimed && isWhole && !isDrill ? ['--update-timings'] : []),
    ...files,
  ]
  const { REEVE_TEST_POSTGRES: _, ...env } = process.env as Record<string, string>
  const named = { REEVE_TEST_ENGINE: engine, REEVE_TEST_HOOKS: hooksPath, TMPDIR: folder }
  return {
    ...{ engine, title, command, root, timesPath, hooksPath },
    env: {
      ...{ ...env, ...named, ...extra },
      ...(binary && { REEVE_TEST_BINARY: binary }),
      ...(browser && { REEVE_TEST_BROWSER: browser.address }),
      ...(isDrill && { REEVE_TEST_DRILLS: '1' }),
    },
  }
}

/** Runs a lane; what it prints is shown at its end, so that two lanes do not mix. */
export async function runLane({ title, command, root, env }: Lane, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) return { title, isGreen: false, pass: 0, fail: 0, skip: 0 }
  const child = Bun.spawn(command, { cwd: root, env, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  signal.addEventListener('abort', () => child.kill(signal.reason))
  const [out, err, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  process.stdout.write(`\n== Tests on ${title}\n${out}${err}`)
  return resultOf(title, exitCode, err)
}

/** Reads the counts from Bun’s summary; a run without a summary has failed. */
function resultOf(title: string, exitCode: number, text: string): Result {
  const countOf = (word: string) => [...text.matchAll(new RegExp(`^ *(\\d+) ${word}$`, 'gm'))].at(-1)?.[1]
  const [pass = 0, fail = 0, skip = 0] = ['pass', 'fail', 'skip'].map((word) => Number(countOf(word) ?? 0))
  return { title, isGreen: exitCode === 0 && countOf('pass') !== undefined, pass, fail, skip }
}
