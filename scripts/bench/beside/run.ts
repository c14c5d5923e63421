import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Reply, requestBytes, Wire } from '../client'
import { median, percentile, type Ratio, showRatio, tableOf } from '../measure'
import { keyHeader } from '../samples'
import { type Running, start } from '../servers'
import { type BusyFixture, cases, makeBusyFixture } from './fixture'

const [rounds, spellMs, readEveryMs, writeEveryMs] = [5, 3_000, 10, 50]
const mostMemoryMb = 200

const heading = `How a client fares that asks for a page of cases every ${readEveryMs} ms, beside others that take or do much, in a council of
${cases.toLocaleString('en-GB')} cases: its p99 there, as a multiple of its p99 when it is alone (medians of ${rounds} rounds in turn, least–most),
the most memory that the server takes over idle (at most ${mostMemoryMb} MB), and how another client's changes fare.`

/**
 * `args` of load.ts, or of Reeve's own command, which is run once. `withChanges` has another client change something now and
 * then, alone and beside it: its commits wait for the same disk, so that no limit of `most` is set.
 */
type Row = { name: string; most: number | null } & (
  | { readers: [kind: string, count: number] }
  | { command: string[]; withChanges?: true }
)

const rowsFor = ({ toErase, importFile }: BusyFixture): Row[] => [
  { name: '1 export', most: 2, readers: ['exports', 1] },
  { name: '10 exports', most: 2, readers: ['exports', 10] },
  { name: '30 exports', most: 2, readers: ['exports', 30] },
  { name: '30 readers of a map of 7 MB', most: 2, readers: ['map', 30] },
  { name: '30 slow readers of it', most: 2, readers: ['slow-map', 30] },
  { name: '200 sign-in attempts at once', most: 2, readers: ['sign-ins', 200] },
  { name: 'erasing 200 cases', most: 2, command: ['erase', 'cases', ...toErase, '--yes'], withChanges: true },
  { name: 'importing 100,000 cases', most: 3, command: ['import', 'cases', importFile] },
  {
    name: 'the same, and changes meanwhile',
    most: null,
    command: ['import', 'cases', importFile],
    withChanges: true,
  },
]

/** False if somebody keeps a quiet client waiting too long, or takes too much memory. `only` is a part of a row’s name. */
export async function runBeside(only: string): Promise<boolean> {
  const fixture = await makeBusyFixture()
  let server: Running | undefined
  try {
    server = await start('Reeve', 'reeve.ts', [fixture.directory])
    const client = quietClient(server, fixture)
    await client.read(() => false, spellMs)
    const lines = [['', 'p99, times', 'at most', 'memory', 'changes']]
    let isWithin = true
    for (const row of rowsFor(fixture).filter(({ name }) => name.includes(only))) {
      const { ratio, memoryMb, changes } = await measure(server, client, row, fixture)
      const isQuick = row.most === null || ratio.middle <= row.most
      if (!(isQuick && memoryMb <= mostMemoryMb)) isWithin = false
      console.error(`${row.name}: ${showRatio(ratio)}, ${memoryMb.toFixed(0)} MB, ${changes}`)
      lines.push([row.name, showRatio(ratio), `${row.most ?? '–'}`, `${memoryMb.toFixed(0)} MB`, changes])
    }
    console.log(`${heading}\n\n${tableOf(lines)}`)
    return isWithin
  } finally {
    await server?.stop()
    fixture.remove()
  }
}

type Client = ReturnType<typeof quietClient>

function quietClient({ port }: Running, { key, categoryId }: BusyFixture) {
  const page = requestBytes('GET', '/api/cases', [keyHeader(key)])
  const body = JSON.stringify({ summary: 'Beside', categoryId })
  const create = requestBytes('POST', '/api/cases', [keyHeader(key)], body)
  return {
    read: (isOver: () => boolean, ms: number) => ask(port, page, readEveryMs, isOver, ms),
    change: (isOver: () => boolean, ms: number) => ask(port, create, writeEveryMs, isOver, ms),
  }
}

type Asked = { times: number[]; refused: number }

/** Milliseconds since each request was due, so that one slow request does not hide the wait of the next. */
async function ask(
  port: number,
  request: Buffer,
  everyMs: number,
  isOver: () => boolean,
  ms: number,
): Promise<Asked> {
  const wire = await Wire.open(port)
  const asked: Asked = { times: [], refused: 0 }
  const startedAt = performance.now()
  for (let due = startedAt; due < startedAt + ms && !isOver(); due += everyMs) {
    const early = due - performance.now()
    if (early > 0) await Bun.sleep(early)
    const from = early > 0 ? performance.now() : due
    const { status } = await new Promise<Reply>((resolve, reject) => wire.send(request, resolve, reject))
    if (status >= 300) asked.refused++
    asked.times.push(performance.now() - from)
  }
  wire.close()
  return asked
}

async function measure(server: Running, client: Client, row: Row, fixture: BusyFixture) {
  const ratios: number[] = []
  let changes = '–'
  let memoryMb = 0
  const idle = memoryOf(server)
  const isOnce = 'command' in row
  const hasChanges = 'command' in row && row.withChanges === true
  for (let round = 0; round < (isOnce ? 1 : rounds); round++) {
    // Another client changes something now and then in both, where it matters how changes fare.
    const [quiet] = await Promise.all([
      client.read(() => false, spellMs),
      hasChanges ? client.change(() => false, spellMs) : undefined,
    ])
    const busy = begin(server, row, fixture)
    let isOver = false
    const watch = setInterval(() => {
      memoryMb = Math.max(memoryMb, memoryOf(server) - idle)
    }, 20)
    const ended = busy.ended.then(() => {
      isOver = true
    })
    const limit = isOnce ? Number.POSITIVE_INFINITY : spellMs
    const [beside, changed] = await Promise.all([
      client.read(() => isOver, limit),
      hasChanges ? client.change(() => isOver, limit) : undefined,
    ])
    busy.end()
    await ended
    clearInterval(watch)
    ratios.push(percentile(beside.times, 99) / percentile(quiet.times, 99))
    if (changed) changes = showChanges(changed)
  }
  const ratio: Ratio = { middle: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }
  return { ratio, memoryMb, changes }
}

function showChanges({ times, refused }: Asked): string {
  const longest = Math.max(...times) / percentile(times, 50)
  return `${refused} of ${times.length} refused; the longest took ${longest.toFixed(0)} times the median`
}

/** Begins what a row is about. `ended` fails if it does. */
function begin({ port }: Running, row: Row, { directory, keys }: BusyFixture) {
  const [file, args] =
    'command' in row
      ? [join('..', '..', '..', 'src', 'main.ts'), [...row.command, '--tenant', 'bench']]
      : ['load.ts', [port, ...row.readers, keys.join()].map(String)]
  const child = Bun.spawn([process.execPath, join(import.meta.dir, file), ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', REEVE_DATA: directory },
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'inherit',
  })
  return {
    end: () => void child.stdin.end(),
    ended: child.exited.then((code) => {
      if (code !== 0) throw new Error(`What keeps the server busy failed: ${row.name}`)
    }),
  }
}

/** Resident memory in MB, where the system tells it; otherwise 0. */
function memoryOf({ pid }: Running): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024
  } catch {
    return 0
  }
}
