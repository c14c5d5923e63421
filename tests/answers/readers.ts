import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { exportsAtOnce } from '../../src/http/file'
import { csvLines } from '../../src/lib/csv'
import { base62, randomString, seededRandom } from '../../src/lib/random'
import { bearer } from '../support/http'
import { atEnd, counted, newData, newFolder, notTriedHere, once, type Row } from './place'

const group = 'Many readers at once'
const [cases, erased, keys, readers, mebibyte] = [3_000, 200, 5, 30, 1_048_576]
/** Of both at once, with long cases; of either alone the benchmark allows 200. */
const mostOverIdle = 300

/** Text that no compression makes small, so that no buffer between two programs holds it. */
const random = seededRandom('readers')
const words = (length: number) => randomString(random, length, base62)

const ringOf = (points: number, west: number) => {
  const ring = Array.from({ length: points }, (_, i) => {
    const angle = (2 * Math.PI * i) / points
    return [west + 0.01 * Math.cos(angle), 51.4 + 0.01 * Math.sin(angle)]
  })
  return [...ring, ring[0]]
}

/** Files of a council with many cases, and with wards whose boundaries make some seven megabytes. */
async function writeFiles(): Promise<{ wards: string; cases: string }> {
  const folder = await newFolder()
  const features = Array.from({ length: 60 }, (_, i) => ({
    type: 'Feature',
    properties: { name: `Ward ${i}` },
    geometry: { type: 'Polygon', coordinates: [ringOf(3_000, -3 + i * 0.03)] },
  }))
  const files = { wards: join(folder, 'wards.geojson'), cases: join(folder, 'cases.csv') }
  writeFileSync(files.wards, JSON.stringify({ type: 'FeatureCollection', features }))
  const rows = Array.from({ length: cases }, (_, i) => [`Case ${i}`, words(4_000)])
  writeFileSync(files.cases, csvLines([['summary', 'description'], ...rows]))
  return files
}

/** The real program and a real file of cases, which came in while somebody else made cases. */
const crowd = once(async () => {
  const { reeve, done, make, start } = await newData()
  const files = await writeFiles()
  await make('avon')
  await done('import', 'wards', '--tenant', 'avon', files.wards)
  const ofKey = ['--tenant', 'avon', '--name', 'k', '--scopes', 'all', '--json']
  const newKey = async (): Promise<string> => JSON.parse(await done('key', 'create', ...ofKey)).key
  const others: string[] = []
  for (let i = 0; i < keys; i++) others.push(await newKey())
  const own = await newKey()
  const server = await start({ REEVE_RATE_LIMIT: '1000000' })
  atEnd(() => server.stop())
  const ask = (path: string, init: RequestInit = {}, key = own) =>
    fetch(server.url + path, { ...init, headers: { ...bearer(key), 'content-type': 'application/json' } })
  const create = () => ask('/api/cases', { method: 'POST', body: JSON.stringify({ summary: 'Meanwhile' }) })
  const imported = reeve('import', 'cases', '--tenant', 'avon', files.cases)
  const made = await meanwhile(imported, create)
  return { server, reeve, others, ask, create, during: `${(await imported).out.trim()} Meanwhile: ${made}` }
})

/** Asks again and again until some work is done; resolves to what was answered before that. */
async function meanwhile(work: Promise<unknown>, ask: () => Promise<Response>): Promise<string> {
  let isDone = false
  const done = work.finally(() => {
    isDone = true
  })
  const statuses: number[] = []
  while (!isDone) {
    const answer = await ask()
    await answer.text()
    if (!isDone) statuses.push(answer.status)
  }
  await done
  return statuses.length === 0 ? 'nothing' : counted(statuses)
}

/** In MiB: `VmRSS` is now, `VmHWM` at most; null where the system does not tell. */
function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number | null {
  const path = `/proc/${pid}/status`
  if (!existsSync(path)) return null
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(path, 'utf8'))?.[1]) / 1_024
}

/** Thirty exports and thirty readers of the map, who read as fast as they can. */
const rush = once(async () => {
  const { server, others, ask } = await crowd()
  const idle = memoryOf(server.pid, 'VmRSS')
  const statuses: number[] = []
  let received = 0
  const read = async (path: string, key?: string) => {
    const answer = await ask(path, {}, key)
    statuses.push(answer.status)
    const { length } = await answer.bytes()
    received += length
  }
  const everybody = Array.from({ length: readers }, (_, i) => [
    read('/api/cases/export?format=json', others[i % keys]),
    read('/public/avon/wards.geojson'),
  ])
  const seen = await meanwhile(Promise.all(everybody.flat()), () => ask('/api/cases?pageSize=20'))
  const most = memoryOf(server.pid, 'VmHWM')
  return {
    over: idle === null || most === null ? null : Math.round(most - idle),
    megabytes: Math.round(received / mebibyte),
    told: `${counted(statuses)} and ${Math.round(received / mebibyte)} MiB to them; lists meanwhile: ${seen}`,
  }
})

/** Begins an export and reads no further than its first bytes. */
function openStuck(url: string, key: string): Promise<{ socket: Socket; status: number }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', reject)
    socket.once('data', (data) => {
      socket.pause()
      resolve({ socket, status: Number(data.toString('latin1', 9, 12)) })
    })
    const path = '/api/cases/export?format=json'
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n\r\n`)
  })
}

async function beyondTheBound(): Promise<string> {
  const { server, others, ask } = await crowd()
  const each = others.flatMap((key) => Array.from({ length: exportsAtOnce.perKey }, () => key))
  const opened = await Promise.all(each.map((key) => openStuck(server.url, key)))
  const list = await ask('/api/cases?pageSize=20')
  await list.text()
  for (const { socket } of opened) socket.destroy()
  const giveUpAt = Date.now() + 30_000
  let again = 429
  while (again === 429 && Date.now() < giveUpAt) {
    const answer = await ask('/api/cases/export?format=json')
    again = answer.status
    await answer.bytes()
  }
  const statuses = counted(opened.map(({ status }) => status).toSorted())
  return `${statuses}; a list meanwhile ${list.status}; an export once they have left ${again}`
}

const others = /: 20[01]( \(\d+ times\))?$/

export const manyReaders: readonly Row[] = [
  {
    group,
    does: `makes cases while a command imports ${cases} beside the server`,
    answer: async () => (await crowd()).during,
    isRight: (answer) => others.test(answer),
  },
  {
    group,
    does: `reads lists beside ${readers} exports of ${cases} long cases and ${readers} readers of a large map`,
    answer: async () => (await rush()).told,
    isRight: (answer) => answer.startsWith(`200 (${2 * readers} times)`) && others.test(answer),
  },
  {
    group,
    does: 'looks at the memory that this took',
    answer: async () => {
      const { over, megabytes } = await rush()
      if (over === null) return notTriedHere('the system does not tell the memory of a program')
      return `${over} MiB over idle for ${megabytes} MiB sent`
    },
    isRight: (answer) => Number.parseInt(answer, 10) <= mostOverIdle,
  },
  {
    group,
    does: `begins ${keys * exportsAtOnce.perKey} exports with ${keys} keys and stops reading`,
    answer: beyondTheBound,
    isRight: (answer) => {
      const { total, perKey } = exportsAtOnce
      const bound = `200 (${total} times), 429 (${keys * perKey - total} times)`
      return answer === `${bound}; a list meanwhile 200; an export once they have left 200`
    },
  },
  {
    group,
    does: `makes cases while a command erases ${erased} beside the server`,
    answer: async () => {
      const { reeve, ask, create } = await crowd()
      const pages = [1, 2].map(async (page) => (await ask(`/api/cases?pageSize=100&page=${page}`)).json())
      const references = (await Promise.all(pages)).flatMap((page) =>
        page.cases.map(({ reference }: { reference: string }) => reference),
      )
      const work = reeve('erase', 'cases', ...references, '--tenant', 'avon', '--yes')
      const made = await meanwhile(work, create)
      const { out, code } = await work
      return `exit code ${code}, ${out.match(/CW-/g)?.length} erased. Meanwhile: ${made}`
    },
    isRight: (answer) => answer.startsWith(`exit code 0, ${erased} erased`) && others.test(answer),
  },
]
