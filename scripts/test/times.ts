import { existsSync, readFileSync } from 'node:fs'
import { XMLParser } from 'fast-xml-parser'
import type { Engine, Lane } from './lanes'

const shownRows = 20

type FileTime = { file: string; seconds: number; tests: number }
export type Times = { engine: Engine; files: FileTime[] }

type Suite = { '@file'?: string; '@time'?: string; '@tests'?: string }

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: (name) => name === 'testsuite',
})

/** How long each file of a lane took, with its hooks, by bun's own JUnit report; nothing when it left none. */
export function readTimes(engine: Engine, path: string): Times {
  if (!existsSync(path)) return { engine, files: [] }
  const suites: Suite[] = parser.parse(readFileSync(path, 'utf8')).testsuites?.testsuite ?? []
  const files = suites.map((suite) => ({
    file: suite['@file'] ?? '',
    seconds: Number(suite['@time'] ?? 0),
    tests: Number(suite['@tests'] ?? 0),
  }))
  return { engine, files }
}

const inSeconds = (seconds: number | undefined) =>
  (seconds === undefined ? '–' : seconds.toFixed(1)).padStart(8)

/** The files that took longest on both engines together. */
export function showSlowest(lanes: readonly Times[]): void {
  const byFile = Map.groupBy(
    lanes.flatMap(({ engine, files }) => files.map((file) => ({ engine, ...file }))),
    ({ file }) => file,
  )
  const sum = (rows: readonly { seconds: number }[]) =>
    rows.reduce((total, { seconds }) => total + seconds, 0)
  const slowest = [...byFile].sort(([, a], [, b]) => sum(b) - sum(a)).slice(0, shownRows)
  console.log(`\nSeconds of the slowest ${slowest.length} files, hooks included`)
  console.log(`${lanes.map(({ engine }) => engine.padStart(8)).join('')}   tests  file`)
  for (const [file, rows] of slowest) {
    const columns = lanes.map(({ engine }) => inSeconds(rows.find((row) => row.engine === engine)?.seconds))
    console.log(`${columns.join('')}${String(rows[0]?.tests).padStart(8)}  ${file}`)
  }
  const totals = lanes.map(({ files }) => inSeconds(sum(files)))
  console.log(`${totals.join('')}${''.padStart(8)}  all files`)
}

/** The slowest hooks, by their place in the code. */
export function showHooks(lanes: readonly Lane[]): void {
  for (const { title, hooksPath } of lanes) {
    const lines = existsSync(hooksPath) ? readFileSync(hooksPath, 'utf8').trim().split('\n') : []
    const runs = lines.map((line) => JSON.parse(line) as { kind: string; place: string; ms: number })
    const hooks = [...Map.groupBy(runs, ({ kind, place }) => `${kind} ${place}`)]
      .map(([hook, all]) => ({ hook, count: all.length, ms: all.reduce((total, { ms }) => total + ms, 0) }))
      .sort((a, b) => b.ms - a.ms)
    const total = hooks.reduce((all, { ms }) => all + ms, 0)
    console.log(`\nHooks on ${title}: ${runs.length} runs, ${(total / 1000).toFixed(1)} s; the slowest`)
    for (const { hook, count, ms } of hooks.slice(0, shownRows)) {
      console.log(`${inSeconds(ms / 1000)}${`${count} ×`.padStart(8)}  ${hook}`)
    }
  }
}
