import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { storeFile } from '../../src/db/sqlite/open'
import { checkAfterKill } from '../../src/jobs/check-after-kill'
import { createCouncil, createTestApp } from '../support/app'
import type { Running } from '../support/binary'
import { damagePages, damageSealed, damageTable } from '../support/damage'
import { bearer } from '../support/http'
import { deliverDue, startReceiver } from '../support/receiver'
import { fillDisk, smallDisk } from '../support/small-disk'
import { atEnd, newData, newFolder, notTriedHere, office, type Row } from './place'
import { setUpLinkOf } from './sign-ins'

export const group = 'What the disk does'
const [hour, day] = [3_600_000, 86_400_000]
const notedWithinMs = 20_000

/** What a program says last, without the name of the folder. */
const saying = ({ code, out, err }: { code: number; out: string; err: string }, data: string) => {
  const text = (err || out).trim().replaceAll(data, '…').replaceAll(/\s+/g, ' ')
  return `exit code ${code}: ${text.replace(/^reeve: /, '')}`
}

const readyAt = async (url: string) => {
  const answer = await fetch(`${url}/ready`)
  const { error } = (await answer.json()) as { error?: string }
  return `${answer.status}${error ? ` ${error}` : ''}`
}

/** Does this to a file of a store while no server runs; returns what the next start says. */
async function startedAfter(change: (data: string) => void): Promise<string> {
  const { data, make, reeve } = await newData()
  await make('avon')
  change(data)
  const before = readdirSync(data).sort().join()
  const said = saying(await reeve('serve'), data)
  return `${said}; ${readdirSync(data).sort().join() === before ? 'nothing was made' : 'files were made'}`
}

const isRefused = (answer: string) => /^exit code [12]: .*(missing|empty).*; nothing was made$/.test(answer)

/** Kills a server when it has noted where the chains end, and starts it again without what it had not yet checkpointed. */
async function withoutWal(): Promise<string> {
  const { data, make, done, start } = await newData()
  await make('avon')
  const { key } = JSON.parse(
    await done('key', 'create', '--tenant', 'avon', '--name', 'k', '--scopes', 'all', '--json'),
  )
  const first = await start()
  const create = async ({ url }: Running) => {
    const headers = { ...bearer(key), 'content-type': 'application/json' }
    const body = JSON.stringify({ summary: 'Pothole' })
    return (await fetch(`${url}/api/cases`, { method: 'POST', headers, body })).status
  }
  const noted = () => Number(/"avon":(\d+)/.exec(readFileSync(join(data, 'in-use'), 'utf8'))?.[1] ?? 0)
  const giveUpAt = Date.now() + notedWithinMs
  const before = noted()
  await create(first)
  while (noted() <= before && Date.now() < giveUpAt) await Bun.sleep(100)
  await first.stop('SIGKILL')
  for (const name of ['reeve.db-wal', 'reeve.db-shm']) rmSync(join(data, name), { force: true })
  const second = await start()
  const isChecked = () => /the database is sound|Changes are missing/.test(second.output())
  while (!isChecked() && Date.now() < giveUpAt) await Bun.sleep(100)
  const [ready, made] = [await readyAt(second.url), await create(second)]
  await second.stop()
  return `ready: ${ready}; a new case: ${made}`
}

async function withDamagedPages(): Promise<string> {
  const app = await createTestApp()
  atEnd(() => app.close())
  const { key } = await createCouncil(app, 'avon')
  await app.send('POST', '/api/cases', { key, body: { summary: 'Pothole' } })
  await damagePages(app)
  await checkAfterKill(app.deps, '')
  const ready = await app.send('GET', '/ready')
  const made = await app.send('POST', '/api/cases', { key, body: { summary: 'Pothole' } })
  return `ready: ${ready.status} ${ready.body.error}; a new case: ${made.status}`
}

/** What `reeve check` tells of a store in which the first page of a table is zeroed. */
async function checkedWithout(table: string): Promise<string> {
  const { data, make, reeve } = await newData()
  await make('avon')
  await damageTable({ config: { data, databaseUrl: null } }, table)
  const said = await reeve('check')
  const verdicts = said.out.match(/^(ok|FAILED) /gm)?.length ?? 0
  return `${verdicts} verdicts, then ${saying({ ...said, out: '' }, data)}`
}

const everyCheckRan = (answer: string) =>
  /^1[23] verdicts, then exit code 1: [1-9]\d* of 1[23] checks failed$/.test(answer)

async function withOneBadValue(): Promise<string> {
  const { app, ask } = await office()
  const made = []
  for (let i = 0; i < 3; i++)
    made.push((await ask('POST', '/api/cases', { summary: 'Pothole', residentName: 'Zinnia' })).body)
  await damageSealed(app, 'residents', 'sealed', `case_id = '${made[1].id}'`)
  const list = await ask('GET', '/api/cases')
  const changes = await ask('GET', '/api/cases/changes')
  const marked = list.body.cases.filter((one: object) => 'residentUnreadable' in one).length
  return `list ${list.status} with ${list.body.cases.length} cases, ${marked} marked; changes ${changes.status} with ${changes.body.changes.length}`
}

async function onFullDisk(): Promise<string> {
  const disk = smallDisk(join(await newFolder(), 'small'), 4_096)
  if (disk === null) return notTriedHere('a small disk can be mounted by root only')
  atEnd(() => spawnSync('umount', ['--lazy', disk]))
  const { reeveOn, startOn } = await newData()
  await reeveOn(disk, 'tenant', 'create', '--slug', 'avon', '--name', 'Avon')
  const server = await startOn(disk)
  fillDisk(disk)
  const [ready, feed] = [await readyAt(server.url), await fetch(`${server.url}/public/avon/news.json`)]
  await server.stop()
  return `ready: ${ready}; a feed: ${feed.status}`
}

/** Links of two stores that have the same secret key, as after the first was lost. */
async function linksOfTwoStores(): Promise<string> {
  const REEVE_SECRET_KEY = Buffer.alloc(32, 7).toString('base64')
  const servers = []
  for (const { start } of [await newData(), await newData()]) servers.push(await start({ REEVE_SECRET_KEY }))
  const [first = '', second = ''] = await Promise.all(servers.map(setUpLinkOf))
  const { status } = await fetch(`${servers[1]?.url}${first}`)
  for (const server of servers) await server.stop()
  return `${first === second ? 'the same link' : 'another link'}; the first is answered with ${status}`
}

async function afterAJumpOfTheClock(): Promise<string> {
  const { app, ask } = await office()
  const receiver = startReceiver()
  try {
    receiver.answerNext(...Array(20).fill(500))
    const { id } = (await ask('POST', '/api/webhooks', { url: receiver.url, events: ['case_created'] })).body
    await ask('POST', '/api/cases', { summary: 'Pothole' })
    for (let attempts = 0; attempts < 3; attempts++) {
      await deliverDue(app)
      app.clock.advance(hour)
    }
    app.clock.set(new Date(app.clock.now().getTime() + 40 * day))
    await deliverDue(app)
    const { enabled, failureCount } = (await ask('GET', `/api/webhooks/${id}`)).body
    return `${enabled ? 'on' : 'turned off'} after ${failureCount} failures`
  } finally {
    await receiver.stop()
  }
}

export const disk: readonly Row[] = [
  {
    group,
    does: 'starts Reeve when reeve.db is gone and its key is there',
    answer: () => startedAfter((data) => rmSync(storeFile(data))),
    isRight: isRefused,
  },
  {
    group,
    does: 'starts it when reeve.db is empty',
    answer: () => startedAfter((data) => truncateSync(storeFile(data))),
    isRight: isRefused,
  },
  {
    group,
    does: 'starts it when secret.key is gone',
    answer: () => startedAfter((data) => rmSync(join(data, 'secret.key'))),
    isRight: isRefused,
  },
  {
    group,
    does: 'opens the set-up link of one store at another that has the same secret key',
    answer: linksOfTwoStores,
    isRight: (answer) => answer === 'another link; the first is answered with 404',
  },
  {
    group,
    does: 'starts it after a kill, when the write-ahead log is gone',
    answer: withoutWal,
    isRight: (answer) => /^ready: 503 .*missing.*; a new case: 503$/.test(answer),
  },
  {
    group,
    does: 'starts it after a kill, when pages are zeroed',
    answer: withDamagedPages,
    isRight: (answer) => answer === 'ready: 503 The database is damaged; a new case: 503',
  },
  {
    group,
    does: 'runs reeve check when the first page of the residents is zeroed',
    answer: () => checkedWithout('residents'),
    isRight: everyCheckRan,
  },
  {
    group,
    does: 'runs it when the page that says which migrations were applied is zeroed',
    answer: () => checkedWithout('schema_migrations'),
    isRight: everyCheckRan,
  },
  {
    group,
    does: 'reads lists and changes when one of three residents cannot be opened',
    answer: withOneBadValue,
    isRight: (answer) => answer === 'list 200 with 3 cases, 1 marked; changes 200 with 3',
  },
  {
    group,
    does: 'fills the disk',
    answer: onFullDisk,
    isRight: (answer) => answer === 'ready: 503 The disk that holds the database is full; a feed: 200',
  },
  {
    group,
    does: 'sets the clock 40 days on while a receiver of webhooks fails',
    answer: afterAJumpOfTheClock,
    isRight: (answer) => /^on after \d+ failures$/.test(answer),
  },
]
