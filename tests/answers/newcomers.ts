import { eraseCases } from '../../src/resources/cases/erase.service'
import { createCouncil, createTestApp } from '../support/app'
import { unlimited } from '../support/http'
import { refusalOf } from '../support/store'
import { createVisitor, signedInAs } from '../support/visitor'
import { atEnd, newData, once, type Row } from './place'

const group = 'People who use it for the first time'

/** Two councils of the same name. */
const town = once(async () => {
  const app = await createTestApp(unlimited)
  atEnd(() => app.close())
  const [council, twin] = [await createCouncil(app, 'avon'), await createCouncil(app, 'bath')]
  const name = 'avon council'
  await app.send('PATCH', '/api/settings', { key: twin.key, body: { name } })
  return { app, council }
})

/** What is left of a sentence that a page shows, from these words on. */
const sentenceFrom = (text: string, words: string) => new RegExp(`${words}[^.]*\\.`).exec(text)?.[0] ?? text

export const newcomers: readonly Row[] = [
  {
    group,
    does: 'searches for a resident by name in the dashboard',
    answer: async () => {
      const { app, council } = await town()
      const { see } = await signedInAs(app, council, { role: 'caseworker' })
      return sentenceFrom((await see('/admin/cases?search=Shaun')).text, 'A search does not')
    },
    isRight: (answer) => answer === 'A search does not look at residents’ names and contact details.',
  },
  {
    group,
    does: 'signs in where two councils have the same name',
    answer: async () => {
      const { text } = await createVisitor((await town()).app).see('/admin/sign-in')
      return text.match(/avon council \(\w+\)/g)?.join(', ') ?? text
    },
    isRight: (answer) => answer === 'avon council (avon), avon council (bath)',
  },
  {
    group,
    does: 'erases two cases with a slip in the reference of each',
    answer: async () => {
      const { app, council } = await town()
      const refusal = await refusalOf(() => eraseCases(council.ctx, app.deps, ['CW-2026-9998', 'CW 20x']))
      return refusal.message
    },
    isRight: (answer) => /"CW-2026-9998", "CW 20x"/.test(answer),
  },
  {
    group,
    does: 'names a day off as `24 December 2026` at the command line',
    answer: async () => {
      const { make, done } = await newData()
      await make('avon')
      return (
        (await done('tenant', 'set-holidays', 'avon', '--off', '24 December 2026=Closed')).split(
          '\n',
          2,
        )[1] ?? ''
      )
    },
    isRight: (answer) => answer.trim() === '2026-12-24  Closed',
  },
]
