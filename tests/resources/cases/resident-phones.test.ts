import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { deriveSecrets } from '../../../src/deps'
import { secureRandom } from '../../../src/lib/random'
import { loadSecretKeys } from '../../../src/lib/secret-keys'
import { eraseCases } from '../../../src/resources/cases/erase.service'
import { resealResidents } from '../../../src/resources/cases/residents/service'
import { residentPhones } from '../../../src/resources/cases/residents/table'
import { type Council, createCouncil, createTestApp, type TestApp } from '../../support/app'
import { runBeside } from '../../support/beside'
import { idsOf } from '../../support/casework'
import { unlimited } from '../../support/http'
import { caller } from './support'
import { failedChecks, importFile } from './transfer-support'

let app: TestApp
let call: ReturnType<typeof caller>
beforeAll(async () => {
  app = await createTestApp(unlimited)
  call = caller(app)
})
afterAll(() => app.close())

let fresh = 0
const newCouncil = () => createCouncil(app, `phones-${++fresh}`)

const find = async (council: Council, phone: string) => {
  const { status, body } = await call.send('POST', '/search-resident', council, { body: { phone } })
  expect([phone, status]).toEqual([phone, 200])
  return idsOf(body.cases).sort()
}

const furtherOf = (id: string) =>
  app.deps.store.read.select().from(residentPhones).where(eq(residentPhones.caseId, id))

const [home, mobile, work] = ['0117 496 0123', '07700 900123', '020 7946 0018']
const three = `18001 ${home} ext 4 / ${mobile} (day), or ${work}`

describe('who writes more than a number', () => {
  test.each([
    `${home} ext 4`,
    `18001 ${home}`,
    `18002 ${home}`,
    `${home} (day)`,
    `${home} / ${mobile}`,
    `${mobile} or ${home}`,
    'tel:+441174960123',
  ])('%s: is found by each number, and what was written stays', async (residentPhone) => {
    const council = await newCouncil()
    const made = await call.create({ residentPhone }, council)
    expect((await call.get(made.id, council)).body.residentPhone).toBe(residentPhone)
    const sent = await app.send('POST', `/public/${council.tenant.slug}/contact`, {
      body: { name: 'Ann', phone: residentPhone, message: 'A hole' },
    })
    expect(sent.status).toBe(201)
    await importFile(council, `summary,residentPhone\nLamp,"${residentPhone}"\n`)
    expect(await find(council, home)).toHaveLength(3)
    expect(await find(council, residentPhone)).toHaveLength(3)
    expect(await find(council, work)).toEqual([])
  })

  test('is found with others who gave one of the numbers, first or later, at their own council only', async () => {
    const [council, other] = [await newCouncil(), await newCouncil()]
    const [all, first, last] = [
      await call.create({ residentPhone: three }, council),
      await call.create({ residentPhone: mobile }, council),
      await call.create({ residentPhone: `${work}; ${mobile}` }, council),
    ]
    const theirs = await call.create({ residentPhone: three }, other)
    expect(await find(council, home)).toEqual([all.id])
    expect(await find(council, mobile)).toEqual([all.id, first.id, last.id].sort())
    expect(await find(council, `${home} / ${work}`)).toEqual([all.id, last.id].sort())
    expect(await find(other, work)).toEqual([theirs.id])
  })

  test('is no more found by a number that they gave up', async () => {
    const council = await newCouncil()
    const { id } = await call.create({ residentPhone: three }, council)
    await call.change(id, { residentPhone: `${mobile} or ${home}` }, council)
    expect([await find(council, home), await find(council, work)]).toEqual([[id], []])
    expect(await furtherOf(id)).toHaveLength(1)
    await call.change(id, { residentPhone: null }, council)
    expect([await find(council, home), await furtherOf(id)]).toEqual([[], []])
  })
})

describe('the further numbers of a resident', () => {
  test('go with the case that is erased', async () => {
    const council = await newCouncil()
    const { id } = await call.create({ residentPhone: three }, council)
    expect(await furtherOf(id)).toHaveLength(2)
    await eraseCases(council.ctx, app.deps, [id])
    expect([await furtherOf(id), await find(council, mobile)]).toEqual([[], []])
  })

  test('are hashed under a new key with the rest, and found before and after', async () => {
    const council = await newCouncil()
    const { id } = await call.create({ residentPhone: three }, council)
    const before = await furtherOf(id)
    const old = app.deps.secrets
    const secrets = await deriveSecrets([secureRandom(32), ...loadSecretKeys(app.config)])
    Object.assign(app.deps, { secrets })
    expect(await find(council, mobile)).toEqual([id])
    await resealResidents(app.deps)
    const after = await furtherOf(id)
    const keyIds = (rows: { hash: string }[]) => [...new Set(rows.map(({ hash }) => hash.split('.')[0]))]
    expect([after.length, keyIds(after).length]).toEqual([2, 1])
    expect(keyIds(after)).not.toEqual(keyIds(before))
    expect(await find(council, mobile)).toEqual([id])
    Object.assign(app.deps, { secrets: old })
  })

  test('are missed by a check if one is gone, or stands there for nobody', async () => {
    const own = await createTestApp(unlimited)
    const ours = caller(own)
    const council = await createCouncil(own, 'checked')
    const { id } = await ours.create({ residentPhone: three }, council)
    const one = await ours.create({ residentPhone: home }, council)
    expect(await failedChecks(own.deps)).toEqual({})
    await runBeside(
      own,
      `UPDATE resident_phones SET case_id = '${one.id}' WHERE hash = (SELECT min(hash) FROM resident_phones)`,
    )
    const unfound = [id, one.id].map((caseId) => `the resident of case ${caseId} cannot be found`)
    expect((await failedChecks(own.deps)).residents?.toSorted()).toEqual(unfound.sort())
    await own.close()
  })
})
