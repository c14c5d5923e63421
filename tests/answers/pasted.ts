import { createTestUser } from '../support/app'
import { createTestWards } from '../support/casework'
import { createVisitor, password } from '../support/visitor'
import { counted, office, type Row } from './place'

const group = 'What people type: pasted details'

const marked = (text: string) => `\u202a\ufeff${text.replace(/^./, '$&\u200b')}\u00a0\u202c`

export const pasted: readonly Row[] = [
  {
    group,
    does: 'creates a case with marks that cannot be seen in telephone number, e-mail address, postcodes, name, own reference and ward',
    answer: async () => {
      const { app, council, ask } = await office()
      const [ward = ''] = await createTestWards(app, council, ['Ashley'])
      const plain = {
        residentName: 'Ann Smith',
        residentPhone: '0117 496 0123',
        residentEmail: 'ann@example.org',
        residentPostcode: 'BS2 9YT',
        internalRef: 'FMS1',
        wardId: ward,
      }
      const sent = Object.fromEntries(Object.entries(plain).map(([name, text]) => [name, marked(text)]))
      const { status, body } = await ask('POST', '/api/cases', { summary: 'Lamp', ...sent })
      const listed = await ask('GET', `/api/cases?wardId=${encodeURIComponent(marked(ward))}`)
      return `${status} ${body.residentName?.trim()}, ${body.residentEmail}; by ward ${listed.status}, ${listed.body.cases?.length} found`
    },
    isRight: (answer) => answer === '201 Ann Smith, ann@example.org; by ward 200, 1 found',
  },
  {
    group,
    does: 'gives `BFPO 61` as postcode, and `Name <a@b.example>` and `mailto:` as e-mail address, then searches by the address',
    answer: async () => {
      const { ask } = await office()
      const seen: string[] = []
      for (const residentEmail of ['Ann Smith <ann@b.example>', 'mailto:ann@b.example']) {
        const { status, body } = await ask('POST', '/api/cases', {
          summary: 'Lamp',
          residentEmail,
          residentPostcode: 'BFPO 61',
        })
        seen.push(`${status} ${body.residentEmail} ${body.residentPostcode}`)
      }
      const { body } = await ask('POST', '/api/cases/search-resident', { email: 'ANN@b.example' })
      return `${counted(seen)}; ${body.cases.length} found`
    },
    isRight: (answer) => answer === '201 ann@b.example BFPO 61 (2 times); 2 found',
  },
  {
    group,
    does: 'signs in with an address pasted with its name and marks',
    answer: async () => {
      const { app, council } = await office()
      const { email } = await createTestUser(council, { role: 'caseworker', password })
      const seen: string[] = []
      for (const typed of [marked(email), `Cas Worker <${email}>`]) {
        const given = { council: council.tenant.slug, email: typed, password }
        const { location } = await createVisitor(app, '192.0.2.9').send('/admin/sign-in', given)
        seen.push(location === '/admin' ? 'in' : 'refused')
      }
      return counted(seen)
    },
    isRight: (answer) => answer === 'in (2 times)',
  },
]
