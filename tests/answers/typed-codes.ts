import { resetPassword } from '../../src/core/passwords/change.service'
import { createTestUser } from '../support/app'
import { createVisitor, password } from '../support/visitor'
import { counted, office, type Row } from './place'

const group = 'What people type: codes and references'

type Known = { reference: string; secret: string }

/** The statuses of tracking with the reference and secret as a resident types them. */
async function tracked(typed: (known: Known) => Known[]): Promise<string> {
  const { app, council, ask } = await office()
  const { body } = await ask('POST', `/public/${council.tenant.slug}/contact`, {
    name: 'Ann',
    message: 'A hole',
  })
  const statuses: number[] = []
  for (const one of typed(body)) {
    const path = `/public/${council.tenant.slug}/track`
    statuses.push((await app.send('POST', path, { body: one })).status)
  }
  return counted(statuses)
}

export const typedCodes: readonly Row[] = [
  {
    group,
    does: 'tracks a case with the secret in capitals, without hyphens, and with spaces and unseen marks',
    answer: () =>
      tracked(({ reference, secret }) =>
        [
          secret.toUpperCase(),
          secret.replaceAll('-', ''),
          ` ${secret.replaceAll('-', ' ')}`,
          `\u200b${secret}`,
        ].map((typed) => ({ reference, secret: typed })),
      ),
    isRight: (answer) => answer === '200 (4 times)',
  },
  {
    group,
    does: 'tracks a case by its reference with spaces around it, in small letters, with spaces for hyphens and without zeros',
    answer: () =>
      tracked(({ reference, secret }) =>
        [` ${reference} `, reference.toLowerCase(), reference.replace(/-(\d+)-0*/, ' $1 ')].map((typed) => ({
          reference: typed,
          secret,
        })),
      ),
    isRight: (answer) => answer === '200 (3 times)',
  },
  {
    group,
    does: 'tracks a case with a wrong secret, and with half of it',
    answer: () =>
      tracked(({ reference, secret }) =>
        ['aaaaa-aaaaa-aaaaa-aaaaa', secret.slice(0, 11)].map((typed) => ({ reference, secret: typed })),
      ),
    isRight: (answer) => answer === '404 (2 times)',
  },
  {
    group,
    does: 'signs in with a one-time password in capitals and with spaces, and with a password of one’s own in capitals',
    answer: async () => {
      const { app, council } = await office()
      const enter = async (email: string, typed: string) => {
        const visitor = createVisitor(app, '192.0.2.9')
        const given = { council: council.tenant.slug, email, password: typed }
        return (await visitor.send('/admin/sign-in', given)).location === '/admin' ? 'in' : 'refused'
      }
      const [reset, own] = [
        await createTestUser(council, { role: 'caseworker', password }),
        await createTestUser(council, { role: 'caseworker', password }),
      ]
      const oneTime = await resetPassword(council.ctx, reset.email, app.deps.random)
      return [
        await enter(reset.email, oneTime.toUpperCase().replaceAll('-', ' ')),
        await enter(own.email, password.toUpperCase()),
      ].join(', ')
    },
    isRight: (answer) => answer === 'in, refused',
  },
]
