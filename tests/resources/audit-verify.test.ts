import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { openBeside, runBeside } from '../support/beside'
import { unlimited } from '../support/http'
import { auditOf } from './cases/support'

let app: TestApp
let council: Council
let other: Council

beforeEach(async () => {
  app = await createTestApp(unlimited)
  council = await createCouncil(app, 'avon')
  other = await createCouncil(app, 'severn')
  await change(4)
})
afterEach(async () => {
  expect(await verify(other)).toMatchObject({ valid: true, firstBroken: null })
  await app.close()
})

let cells = 1
/** Makes this many entries; each must succeed. */
async function change(times = 1, { key } = council): Promise<void> {
  for (let i = 0; i < times; i++) {
    cells = (cells % 100) + 1
    const { status } = await app.send('PATCH', '/api/settings', { key, body: { publicMinCell: cells } })
    expect(status).toBe(200)
  }
}

const verify = async ({ key } = council) => (await app.send('GET', '/api/audit/verify', { key })).body
const length = async () => (await auditOf(app, council)).length
const actions = async () => (await auditOf(app, council)).map(({ action }) => action)

const mine = () => `tenant_id = '${council.tenant.id}'`
const onEntry = (statement: string, seq: number) => `${statement} WHERE ${mine()} AND seq = ${seq}`

type Head = { seq: number; hash: string; mac: string }

async function readHead(): Promise<Head> {
  const beside = openBeside(app)
  const [[seq, hash, mac] = []] = await beside.rows(`SELECT seq, hash, mac FROM audit_heads WHERE ${mine()}`)
  await beside.close()
  return { seq, hash, mac } as Head
}

const putHead = ({ seq, hash, mac }: Head) =>
  runBeside(app, `UPDATE audit_heads SET seq = ${seq}, hash = '${hash}', mac = '${mac}' WHERE ${mine()}`)

const removeLast = async () => runBeside(app, onEntry('DELETE FROM audit_entries', await length()))

const holdsTo = (entries: number) => ({ valid: true, entries, firstBroken: null })
const brokenAt = (seq: number) => ({ valid: false, entries: seq - 1, firstBroken: seq })

describe('a log that nobody touched', () => {
  test('is valid, with each entry that is added', async () => {
    expect(await verify()).toEqual(holdsTo(await length()))
    await Promise.all([change(3), change(3, other)])
    expect(await verify()).toEqual(holdsTo(await length()))
    expect((await app.send('GET', '/api/audit/export', council)).status).toBe(200)
    expect(await verify()).toEqual(holdsTo(await length()))
  })
})

describe('a log is broken, and stays so with what is added', () => {
  test('where one letter of an entry was changed', async () => {
    for (const seq of [await length(), 3]) {
      await runBeside(app, onEntry(`UPDATE audit_entries SET actor_name = 'alk'`, seq))
      expect(await verify()).toEqual(brokenAt(seq))
      await change()
      expect(await verify()).toEqual(brokenAt(seq))
    }
  })

  test('where an entry in the middle was removed', async () => {
    await runBeside(app, onEntry('DELETE FROM audit_entries', 3))
    expect(await verify()).toEqual(brokenAt(3))
    await change()
    expect(await verify()).toEqual(brokenAt(3))
  })

  test('where the last entry was removed, or the last few', async () => {
    const whole = await length()
    await removeLast()
    expect(await verify()).toEqual(brokenAt(whole))
    await removeLast()
    expect(await verify()).toEqual(brokenAt(whole - 1))
    await change(2)
    expect(await verify()).toEqual(brokenAt(whole - 1))
  })

  test('where every entry was removed', async () => {
    await runBeside(app, `DELETE FROM audit_entries WHERE ${mine()}`)
    expect(await verify()).toEqual(brokenAt(1))
    await change()
    expect(await verify()).toEqual(brokenAt(1))
  })
})

describe('a log whose end was tampered with is broken, and an entry tells of it ever after', () => {
  const tellsOfIt = async () => {
    const before = (await auditOf(app, council)).map(({ id }) => id)
    await change(2)
    const added = (await auditOf(app, council)).filter(({ id }) => !before.includes(id))
    expect(added.map(({ action }) => action)).toEqual([
      'audit.end_lost',
      'settings.update',
      'settings.update',
    ])
  }

  test('where the end was removed', async () => {
    const whole = await length()
    await runBeside(app, `DELETE FROM audit_heads WHERE ${mine()}`)
    expect(await verify()).toEqual(brokenAt(whole + 1))
    await tellsOfIt()
  })

  test('where the end and the last entry were removed', async () => {
    const whole = await length()
    await removeLast()
    await runBeside(app, `DELETE FROM audit_heads WHERE ${mine()}`)
    expect(await verify()).toEqual(brokenAt(whole))
    await tellsOfIt()
  })

  test('where the end was put to the entry before, and the last one removed', async () => {
    const whole = await length()
    const { hash } = (await auditOf(app, council)).at(-2) as { hash: string }
    const { mac } = await readHead()
    await removeLast()
    await putHead({ seq: whole - 1, hash, mac })
    expect(await verify()).toEqual(brokenAt(whole))
    await tellsOfIt()
  })

  test('where the end is what it was before the last entry', async () => {
    const old = await readHead()
    await change()
    const whole = await length()
    await putHead(old)
    expect(await verify()).toEqual(brokenAt(whole + 1))
    await tellsOfIt()
  })

  test('where the end is that of another council', async () => {
    const whole = await length()
    const beside = openBeside(app)
    const [row] = await beside.rows(
      `SELECT seq, hash, mac FROM audit_heads WHERE tenant_id = '${other.tenant.id}'`,
    )
    await beside.close()
    const [seq, hash, mac] = row as [number, string, string]
    await putHead({ seq, hash, mac })
    expect(await verify()).toEqual(brokenAt(whole + 1))
    await tellsOfIt()
  })

  test('once, however much is added', async () => {
    await runBeside(app, `DELETE FROM audit_heads WHERE ${mine()}`)
    await change(3)
    expect((await actions()).filter((action) => action === 'audit.end_lost')).toHaveLength(1)
    expect(await verify()).toEqual(holdsTo(await length()))
  })
})
