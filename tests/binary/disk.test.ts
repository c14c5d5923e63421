import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Binary, buildBinary } from '../support/binary'
import { fillDisk, smallDisk } from '../support/small-disk'

setDefaultTimeout(60_000)

const isRoot = process.getuid?.() === 0

let binary: Binary

beforeAll(async () => {
  binary = await buildBinary()
})
afterAll(() => binary?.remove())

const inside = (path: string) => join(binary.directory, path)
const on = (data: string, ...args: string[]) => binary.run(args, { env: { REEVE_DATA: data } })
const create = (data: string, slug: string) => on(data, 'tenant', 'create', '--slug', slug, '--name', slug)

describe('without a store', () => {
  test.each([
    ['check'],
    ['migrate'],
    ['migrate --status'],
    ['rotate-key'],
    ['tenant list'],
    ['key list --tenant avon'],
    ['export cases --tenant avon'],
    ['erase cases CW-2026-0001 --tenant avon --yes'],
  ])('reeve %s says that there is none, and makes nothing', async (line) => {
    const data = inside('nowhere')
    const { code, err } = await on(data, ...line.split(' '))
    expect([code, err]).toEqual([
      1,
      `reeve: There is no store in ${data}: "reeve serve" or "reeve tenant create" makes one\n`,
    ])
    expect(readdirSync(binary.directory)).not.toContain('nowhere')
  })
})

describe.if(isRoot)('run by root', () => {
  const owner = 65_534

  test('commands leave files that belong to whoever owns the directory', async () => {
    const data = inside('service')
    mkdirSync(data, { mode: 0o700 })
    chownSync(data, owner, owner)
    for (const args of [
      ['tenant', 'create', '--slug', 'avon', '--name', 'Avon'],
      ['rotate-key'],
      ['check'],
    ]) {
      expect([args, (await on(data, ...args)).code]).toEqual([args, 0])
    }
    const server = await binary.start(['serve'], { REEVE_DATA: data })
    const files = readdirSync(data)
    expect(files).toEqual(
      expect.arrayContaining(['in-use', 'lock.db', 'reeve.db', 'reeve.db-wal', 'secret.key']),
    )
    expect(files.filter((file) => statSync(join(data, file)).uid !== owner)).toEqual([])
    await server.stop()
  })
})

describe.if(isRoot)('on a disk that is full', () => {
  let disk: string | null
  beforeAll(() => {
    disk = smallDisk(inside('small'), 4_096)
  })
  afterAll(() => {
    if (disk !== null) spawnSync('umount', [disk])
  })

  test('/ready says so while reads go on, and is well again when there is room', async () => {
    if (disk === null) return
    expect((await create(disk, 'avon')).code).toBe(0)
    const server = await binary.start(['serve'], { REEVE_DATA: disk })
    const ready = async () => {
      const answer = await fetch(`${server.url}/ready`)
      return [answer.status, ((await answer.json()) as { error?: string }).error]
    }
    expect(await ready()).toEqual([200, undefined])
    const filler = fillDisk(disk)
    await Bun.sleep(1_100)
    expect(await ready()).toEqual([503, 'The disk that holds the database is full'])
    expect((await fetch(`${server.url}/public/avon/news.json`)).status).toBe(200)
    rmSync(filler)
    expect(await ready()).toEqual([200, undefined])
    expect(await server.stop()).toBe(0)
    expect((await on(disk, 'check')).code).toBe(0)
  })

  test('no store is made where there is no room for one, and the next try makes it', async () => {
    const tiny = smallDisk(inside('tiny'), 300)
    if (tiny === null) return
    try {
      const { code, err } = await create(tiny, 'avon')
      expect([code, err]).toEqual([1, expect.stringContaining('The disk that holds the database is full')])
      expect(readdirSync(tiny)).not.toContain('reeve.db')
      spawnSync('mount', ['-o', 'remount,size=4096k', tiny])
      expect(await create(tiny, 'avon')).toMatchObject({ code: 0, err: '' })
    } finally {
      spawnSync('umount', [tiny])
    }
  })
})

test('what a killed server had noted is compared with the store at the next start', async () => {
  const data = inside('killed')
  await create(data, 'avon')
  const first = await binary.start(['serve'], { REEVE_DATA: data })
  await first.stop('SIGKILL')
  const second = await binary.start(['serve'], { REEVE_DATA: data })
  await Bun.sleep(500)
  expect(second.output()).toContain('Reeve was not stopped properly last time')
  expect(second.output()).toContain('the database is sound')
  expect(await second.stop()).toBe(0)
  writeFileSync(join(data, 'in-use'), '{"avon":9}')
  const third = await binary.start(['serve'], { REEVE_DATA: data })
  await Bun.sleep(500)
  expect(third.output()).toContain('Changes are missing that had been made before Reeve ended')
  expect((await fetch(`${third.url}/ready`)).status).toBe(503)
  await third.stop()
  const fourth = await binary.start(['serve'], { REEVE_DATA: data })
  expect((await fetch(`${fourth.url}/ready`)).status).toBe(200)
  await fourth.stop()
})
