import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { assigneeOptions, categoryOptions, councillorOptions, wardOptions } from '../../src/dashboard/options'
import { patchCategory } from '../../src/resources/categories/service'
import { patchWard } from '../../src/resources/wards/service'
import { type Council, createCouncil, createTestApp, createTestUser, type TestApp } from '../support/app'
import { createTestCategories, createTestWards, deactivateUser } from '../support/casework'

let app: TestApp
let council: Council

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
})

afterAll(() => app.close())

const textsOf = (options: { text: string }[]) => options.map(({ text }) => text)

describe('what there is to choose from', () => {
  test('is nothing of another council', async () => {
    const other = await createCouncil(app, 'other')
    await createTestWards(app, other, ['Elsewhere'])
    await createTestCategories(app, other, ['Elsewhere'])
    await createTestUser(other, { role: 'councillor' })
    const empty = await createCouncil(app, 'empty')
    for (const options of [wardOptions, categoryOptions, assigneeOptions, councillorOptions]) {
      expect(await options(empty.ctx, 'all')).toEqual([])
    }
  })

  test('comes by name as people count, and leaves out what is not in use unless all are asked for', async () => {
    const ids = await createTestWards(app, council, ['Ward 10', 'Ward 2', 'ashley', 'Zoar'])
    const [unused = ''] = ids.slice(2)
    await patchWard(council.ctx, unused, { enabled: false })
    expect(textsOf(await wardOptions(council.ctx))).toEqual(['Ward 2', 'Ward 10', 'Zoar'])
    const all = ['Ward 2', 'Ward 10', 'Zoar', 'ashley, not in use']
    expect(textsOf(await wardOptions(council.ctx, 'all'))).toEqual(all)
  })

  test('has a ward on the days on which it is valid', async () => {
    const later = await createCouncil(app, 'later')
    const [going = '', coming = ''] = await createTestWards(app, later, ['Going', 'Coming', 'Staying'])
    await patchWard(later.ctx, going, { validTo: '2026-03-13' })
    await patchWard(later.ctx, coming, { validFrom: '2026-03-14' })
    expect(textsOf(await wardOptions(later.ctx))).toEqual(['Going', 'Staying'])
    app.clock.advance(86_400_000)
    expect(textsOf(await wardOptions(later.ctx))).toEqual(['Coming', 'Staying'])
    const all = ['Coming', 'Staying', 'Going, not in use']
    expect(textsOf(await wardOptions(later.ctx, 'all'))).toEqual(all)
  })

  test('tells categories of one name apart', async () => {
    const [first = ''] = await createTestCategories(app, council, ['Noise', 'Trees'])
    const [second = ''] = await createTestCategories(app, council, ['Noise at night'])
    await patchCategory(council.ctx, second, { name: 'Noise', group: 'Licensing' })
    expect(textsOf(await categoryOptions(council.ctx))).toEqual([
      'Noise (Licensing)',
      'Noise (noise)',
      'Trees',
    ])
    await patchCategory(council.ctx, first, { active: false })
    expect(textsOf(await categoryOptions(council.ctx))).toEqual(['Noise (Licensing)', 'Trees'])
    expect(textsOf(await categoryOptions(council.ctx, 'all')).at(-1)).toBe('Noise (noise), not in use')
  })

  test('names people with what they are; their addresses only where they may be known', async () => {
    const twins = ['one@example.org', 'two@example.org']
    for (const email of twins) await createTestUser(council, { role: 'caseworker', name: 'Ada Green', email })
    const gone = await createTestUser(council, { role: 'manager', name: 'Bo Grey' })
    const councillor = await createTestUser(council, { role: 'councillor', name: 'Cy White' })
    await deactivateUser(app, gone.id)
    expect(textsOf(await assigneeOptions(council.ctx))).toEqual([
      'Ada Green, caseworker (one@example.org)',
      'Ada Green, caseworker (two@example.org)',
      'Cy White, councillor',
    ])
    const acting = { id: 'other', name: 'Other', role: 'caseworker' as const, wardIds: [] }
    const seen = textsOf(await assigneeOptions({ ...council.ctx, acting }, 'all'))
    expect(seen.slice(0, 2)).toEqual(['Ada Green, caseworker', 'Ada Green, caseworker'])
    expect(seen.at(-1)).toBe('Bo Grey, manager, no longer active')
    expect(await councillorOptions(council.ctx)).toEqual([{ value: councillor.id, text: 'Cy White' }])
  })
})
