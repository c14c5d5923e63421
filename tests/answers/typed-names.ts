import { createTestUser } from '../support/app'
import { createTestWards } from '../support/casework'
import { office, once, type Row } from './place'

const group = 'What people type: names'

const named = once(async () => {
  const made = await office()
  const { app, council, ask } = made
  await createTestWards(app, council, ['Ward 10', 'Wyz', 'Ŵyn', 'Ward 2', 'Wym', 'Stoke-on-Trent'])
  await createTestUser(council, { role: 'caseworker', name: 'Siân O’Neill' })
  await ask('POST', '/api/news', { title: 'Siân O’Neill opens the fair', body: 'x' })
  await ask('POST', '/api/events', { title: 'Tea with Siân O’Neill', startAt: '2027-01-01T10:00:00Z' })
  return made
})

/** What each search finds in each list. */
async function found(lists: readonly string[], searches: readonly string[]): Promise<string> {
  const { ask } = await named()
  const seen: string[] = []
  for (const list of lists) {
    for (const search of searches) {
      const { body } = await ask('GET', `/api/${list}?${new URLSearchParams({ search })}`)
      seen.push(`${body[list].length}`)
    }
  }
  return seen.join(', ')
}

export const typedNames: readonly Row[] = [
  {
    group,
    does: 'searches users, news and events by SIÂN, sian, o’neill and ONEILL for Siân O’Neill',
    answer: () => found(['users', 'news', 'events'], ['SIÂN', 'sian', "o'neill", 'ONEILL']),
    isRight: (answer) => answer === Array(12).fill('1').join(', '),
  },
  {
    group,
    does: 'searches wards by wyn for Ŵyn and by `stoke on trent` for Stoke-on-Trent',
    answer: () => found(['wards'], ['wyn', 'stoke on trent']),
    isRight: (answer) => answer === '1, 1',
  },
  {
    group,
    does: 'lists the wards by name',
    answer: async () => {
      const { body } = await (await named()).ask('GET', '/api/wards?sort=name')
      return body.wards.map(({ name }: { name: string }) => name).join(', ')
    },
    isRight: (answer) => answer === 'Stoke-on-Trent, Ward 2, Ward 10, Wym, Ŵyn, Wyz',
  },
]
