import { idsOf } from '../support/casework'
import { counted, office, type Row } from './place'

const group = 'What people type: telephone numbers'

const written = [
  '0117 496 0123 ext 4',
  '18001 0117 496 0123',
  '18002 0117 496 0123',
  '020 7946 0018 (day)',
  '0117 496 0123 / 07700 900123',
  '0117 496 0123 or 07700 900123',
  '0117 496 0123, 07700 900123',
  'tel:+441174960123',
  '\u202a0117\u00a0496 0123\u202c',
]

export const phones: readonly Row[] = [
  {
    group,
    does: 'creates a case with each of the ways in which people write telephone numbers, and reads it',
    answer: async () => {
      const { ask } = await office()
      const seen: string[] = []
      for (const residentPhone of written.slice(0, -1)) {
        const { status, body } = await ask('POST', '/api/cases', { summary: 'Lamp', residentPhone })
        seen.push(`${status}, ${body.residentPhone === residentPhone ? 'as written' : 'changed'}`)
      }
      return counted(seen)
    },
    isRight: (answer) => answer === '201, as written (8 times)',
  },
  {
    group,
    does: 'sends the contact form with each, and with marks that cannot be seen',
    answer: async () => {
      const { app, council } = await office()
      const seen: number[] = []
      for (const phone of written) {
        const body = { name: 'Ann', message: 'A hole', phone }
        seen.push((await app.send('POST', `/public/${council.tenant.slug}/contact`, { body })).status)
      }
      return counted(seen)
    },
    isRight: (answer) => answer === '201 (9 times)',
  },
  {
    group,
    does: 'searches for a resident who gave two numbers by the first, by the second, by both, and by another',
    answer: async () => {
      const { ask } = await office()
      await ask('POST', '/api/cases', { summary: 'Lamp', residentPhone: '0117 496 0123, 07700 900123 (eve)' })
      const found: string[] = []
      for (const phone of ['01174960123', '+447700900123', '07700 900123 / 0117 496 0123', '020 7946 0018']) {
        const { body } = await ask('POST', '/api/cases/search-resident', { phone })
        found.push(`${idsOf(body.cases).length} found`)
      }
      return counted(found)
    },
    isRight: (answer) => answer === '1 found (3 times), 0 found',
  },
  {
    group,
    does: 'writes what is no number: `ring my mum`, `12345`',
    answer: async () => {
      const { ask } = await office()
      const seen: string[] = []
      for (const residentPhone of ['ring my mum', '12345']) {
        const { status, body } = await ask('POST', '/api/cases', { summary: 'Lamp', residentPhone })
        seen.push(`${status} ${body.details.issues[0].message}`)
      }
      return counted(seen)
    },
    isRight: (answer) => answer.startsWith('400') && answer.endsWith('(2 times)'),
  },
]
