import { Database } from 'bun:sqlite'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { storeFile } from '../../src/db/sqlite/open'
import { ask, requestBytes } from './client'
import { type Fixture, makeFixture } from './fixture'
import { type Bounds, inTurn, type Load, ratioOf, type Subject, showRatio, tableOf } from './measure'
import { assertSame, keyHeader, type Sample, takeSample } from './samples'
import { type Running, start } from './servers'

const cases = 2_000
const rounds = 7
const throughput: Bounds = { connections: 16, ms: 450, most: 50_000 }
const latency: Bounds = { connections: 1, ms: 300, most: 20_000 }

const heading = `How many times as long Reeve takes for a request as other servers that give the same answer, on this machine,
in this run: 1.00 is equally long, below 1.00 is shorter. Medians of ${rounds} rounds in turn (least–most).`

type Workload = { name: string; load: Load }
type Servers = { reeve: Running; others: Running[]; writer: Running; copy: string }

/** Compares Reeve with an empty Elysia route, a server written by hand and bytes from memory. */
export async function runRatios(): Promise<void> {
  const fixture = await makeFixture(cases)
  const running: Running[] = []
  try {
    const copy = join(fixture.directory, 'by-hand')
    cpSync(storeFile(fixture.directory), storeFile(copy))
    const reeve = await start('Reeve', 'reeve.ts', [fixture.directory])
    running.push(reeve)
    const samples = await takeSamples(reeve.port, fixture)
    const samplesPath = join(fixture.directory, 'samples.json')
    await Bun.write(samplesPath, JSON.stringify([...samples, await sampleOfCreate(fixture)]))
    const beginOther = async (name: string, file: string, args: string[]) => {
      const server = await start(name, file, [...args, samplesPath])
      running.push(server)
      return server
    }
    const others = [
      await beginOther('bare Elysia route', 'elysia.ts', []),
      await beginOther('by hand', 'by-hand.ts', [storeFile(fixture.directory)]),
      await beginOther('bytes from memory', 'memory.ts', []),
    ]
    const writer = await beginOther('by hand', 'by-hand.ts', [storeFile(copy)])
    for (const { name, port } of others) {
      for (const sample of samples) await assertSame(name, port, fixture.key, sample)
    }
    const table = await measure({ reeve, others, writer, copy: storeFile(copy) }, samples, fixture)
    console.log(`${heading}\n\n${table}`)
  } finally {
    for (const server of running) await server.stop()
    fixture.remove()
  }
}

async function takeSamples(port: number, { key, wardId }: Fixture): Promise<Sample[]> {
  const list = await takeSample(port, key, 'GET', '/api/cases')
  // A case with a history is the harder one to show.
  const { cases } = JSON.parse(list.full.body) as { cases: { id: string; status: string }[] }
  const first = cases.find(({ status }) => status !== 'open')?.id
  return [
    list,
    await takeSample(port, key, 'GET', `/api/cases?status=open&wardId=${wardId}`),
    await takeSample(port, key, 'GET', `/api/cases/${first}`),
  ]
}

const createBody = ({ wardId, categoryId }: Fixture) =>
  JSON.stringify({ summary: 'Pothole on Mina Road', type: 'service_request', wardId, categoryId })

/** In a store of its own: the measured one must not gain a case before the lists are compared. */
async function sampleOfCreate(fixture: Fixture): Promise<Sample> {
  const directory = join(fixture.directory, 'sample')
  cpSync(storeFile(fixture.directory), storeFile(directory))
  cpSync(join(fixture.directory, 'secret.key'), join(directory, 'secret.key'))
  const reeve = await start('Reeve', 'reeve.ts', [directory])
  try {
    const sample = await takeSample(reeve.port, fixture.key, 'POST', '/api/cases', createBody(fixture))
    return { ...sample, target: 'created' }
  } finally {
    await reeve.stop()
  }
}

function workloadsOf([list, filtered, one]: Sample[], key: string): Workload[] {
  const read = (name: string, sample: Sample | undefined): Workload[] =>
    sample
      ? [{ name, load: { request: requestBytes('GET', sample.target, [keyHeader(key)]), status: 200 } }]
      : []
  const known = (name: string, sample: Sample | undefined): Workload[] => {
    if (!sample?.unchanged || sample.etag === null) return []
    const headers: [string, string][] = [keyHeader(key), ['if-none-match', sample.etag]]
    return [{ name, load: { request: requestBytes('GET', sample.target, headers), status: 304 } }]
  }
  return [
    ...read('page of 20 cases', list),
    ...read('page by status and ward', filtered),
    ...read('one case by id', one),
    ...known('page, unchanged: 304', list),
    ...known('one case, unchanged: 304', one),
  ]
}

async function measure(servers: Servers, samples: Sample[], fixture: Fixture): Promise<string> {
  const { reeve, others, writer } = servers
  const rows = [['', '', ...others.map(({ name }) => name)]]
  for (const { name, load } of workloadsOf(samples, fixture.key)) {
    rows.push(...(await compare(name, [reeve, ...others], load)))
  }
  const create = requestBytes('POST', '/api/cases', [keyHeader(fixture.key)], createBody(fixture))
  await assertSameRows(servers, storeFile(fixture.directory), create)
  const writes = await compare('create a case', [reeve, writer], { request: create, status: 201 })
  rows.push(...writes.map(([name = '', bounds = '', ratio = '']) => [name, bounds, '–', ratio, '–']))
  return tableOf(rows)
}

async function compare(name: string, [reeve, ...others]: Running[], load: Load): Promise<string[][]> {
  const rows: string[][] = []
  const subjects: Subject[] = [reeve, ...others].flatMap((server) => (server ? [{ ...server, load }] : []))
  for (const bounds of [throughput, latency]) {
    const [times = [], ...theirs] = await inTurn(subjects, rounds, bounds)
    const label = bounds.connections === 1 ? '1 connection' : `${bounds.connections} connections`
    rows.push([name, label, ...theirs.map((other) => showRatio(ratioOf(times, other)))])
  }
  return rows
}

/** Creates one case on each server: answer, columns, audit entry and rows written must be the same, ids and times aside. */
async function assertSameRows(
  { reeve, writer, copy }: Servers,
  store: string,
  create: Buffer,
): Promise<void> {
  const before = [rowsOf(store), rowsOf(copy)] as const
  const [ours, theirs] = [await ask(reeve.port, create), await ask(writer.port, create)]
  const added = (path: string, then: Record<string, number>) =>
    Object.entries(rowsOf(path)).map(([table, rows]) => [table, rows - (then[table] ?? 0)])
  const compare = (what: string, one: unknown, other: unknown) => {
    if (Bun.deepEquals(one, other)) return
    console.error(`Reeve: ${JSON.stringify(one)}\nBy hand: ${JSON.stringify(other)}`)
    throw new Error(`A create by hand has other ${what} than Reeve's: bring it up to date`)
  }
  compare('status', ours.status, theirs.status)
  compare('fields', lasting(JSON.parse(ours.body.toString())), lasting(JSON.parse(theirs.body.toString())))
  compare('columns', lastCase(store), lastCase(copy))
  compare('rows', added(store, before[0]), added(copy, before[1]))
}

const passing = new Set(['id', 'case_id', 'at', 'target_from'])
const isPassing = (name: string) => passing.has(name) || /^(created|updated|received)_?at$/i.test(name)

const lasting = (row: object) => Object.fromEntries(Object.entries(row).filter(([name]) => !isPassing(name)))

function lastCase(path: string) {
  const store = new Database(path, { readonly: true })
  try {
    const last = (table: string, order: string) =>
      store
        .query<Record<string, string>, []>(`SELECT * FROM ${table} ORDER BY ${order} DESC LIMIT 1`)
        .get() ?? {}
    const changes = JSON.parse(last('audit_entries', 'seq').changes ?? '{}')
    const event = JSON.parse(last('outbox_events', 'position').data ?? '{}')
    return {
      row: lasting(last('cases', 'position')),
      change: lasting(last('case_changes', 'position')),
      audited: Object.entries(changes)
        .map(([name, change]) => [name, Object.keys(change as object).join()])
        .sort(),
      told: lasting(event.case ?? {}),
    }
  } finally {
    store.close()
  }
}

/** Leaves out the search index, whose number of pages depends on when SQLite merges them. */
const tablesQuery = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'case_words_%'"

function rowsOf(path: string): Record<string, number> {
  const store = new Database(path, { readonly: true })
  try {
    const tables = store.query(tablesQuery).all() as {
      name: string
    }[]
    const count = (name: string) =>
      store.query(`SELECT count(*) AS rows FROM "${name}"`).get() as { rows: number }
    return Object.fromEntries(tables.map(({ name }) => [name, count(name).rows]))
  } finally {
    store.close()
  }
}
