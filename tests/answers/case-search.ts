import { createCouncil, createTestApp } from '../support/app'
import { createTestCategories, createTestWards } from '../support/casework'
import { unlimited } from '../support/http'
import { signedInAs } from '../support/visitor'
import { atEnd, once, type Row } from './place'

const group = 'What people type: case search'

/** Three cases of one council, each with its own words. */
const desk = once(async () => {
  const app = await createTestApp(unlimited)
  atEnd(() => app.close())
  const council = await createCouncil(app, 'avon')
  const [ward] = await createTestWards(app, council, ['Castle Hill'])
  const [category] = await createTestCategories(app, council, ['Fly-tipping'])
  const ask = (method: string, path: string, body?: unknown) =>
    app.send(method, path, { key: council.key, ...(body === undefined ? {} : { body }) })
  const cases = [
    { summary: 'A deep pothole by the co-op', internalRef: 'FMS1234567' },
    { summary: 'Hedge of Mr O’Connor near St Mary’s', wardId: ward, categoryId: category },
    { summary: 'Tŷ', location: { address: '12 Quarry Street', postcode: 'NP25 3EQ' } },
  ]
  for (const input of cases) await ask('POST', '/api/cases', input)
  await ask('POST', '/api/cases/CW-2026-0003/notes', { body: 'The depot will ring on Tuesday' })
  const listed = async (query: string) => {
    const { status, body } = await ask('GET', `/api/cases?sort=reference&${query}`)
    if (status !== 200) return `${status}: ${body.error}`
    return body.cases.map(({ reference }: { reference: string }) => reference).join(', ') || 'none found'
  }
  return { app, council, ask, listed }
})

const finds = (does: string, number: number, ...typed: string[]): Row[] =>
  typed.map((text) => ({
    group,
    does: `searches for \`${text}\`: ${does}`,
    answer: async () => (await desk()).listed(`search=${encodeURIComponent(text)}`),
    isRight: (answer) => answer === `CW-2026-000${number}`,
  }))

const opens: Row[] = ['CW 2026 3', ' cw-2026-003 ', 'cw20260003'].map((typed) => ({
  group,
  does: `asks for case \`${typed}\``,
  answer: async () => {
    const { status, body } = await (await desk()).ask('GET', `/api/cases/${encodeURIComponent(typed)}`)
    return `${status}: ${body.reference ?? body.error}`
  },
  isRight: (answer) => answer === '200: CW-2026-0003',
}))

const nothing: Row[] = ['"', '* NEAR( :', 'a '.repeat(99), '-- & | ! <->', 'x'.repeat(200)].map((typed) => ({
  group,
  does: `searches for \`${typed.slice(0, 12)}\`${typed.length > 12 ? ` and so on, ${typed.length} characters` : ''}`,
  answer: async () => (await desk()).listed(`search=${encodeURIComponent(typed)}`),
  isRight: (answer) => answer === 'none found' || answer.startsWith('CW-2026-'),
}))

export const caseSearch: readonly Row[] = [
  ...finds('the case’s category', 2, 'Fly-tipping', 'flytipping', 'fly tipping'),
  ...finds('its ward', 2, 'Castle Hill'),
  ...finds('one word for many, and many for one', 1, 'potholes'),
  ...finds('words joined otherwise', 1, 'coop', 'co-op', 'co op'),
  ...finds('names without apostrophe', 2, 'OConnor', 'St Marys'),
  ...finds('Welsh without accents', 3, 'ty'),
  ...finds('its street and postcode', 3, 'quarry street', 'NP25 3EQ', 'np253eq'),
  ...finds('its reference', 3, 'CW-2026-0003', 'CW-2026-3', 'CW 2026 0003', '0003', '3'),
  ...finds('its reference in another system', 1, 'FMS1234567', 'fms1234567'),
  ...finds('a word of its notes', 3, 'depots'),
  {
    group,
    does: 'lists `internalRef=fms1234567`',
    answer: async () => (await desk()).listed('internalRef=fms1234567'),
    isRight: (answer) => answer === 'CW-2026-0001',
  },
  ...opens,
  {
    group,
    does: 'types a reference into the dashboard’s search',
    answer: async () => {
      const { app, council } = await desk()
      const { see } = await signedInAs(app, council, { role: 'manager' })
      return `goes to ${(await see('/admin/cases?search=cw%202026%202')).location}`
    },
    isRight: (answer) => answer === 'goes to /admin/cases/CW-2026-0002',
  },
  ...nothing,
]
