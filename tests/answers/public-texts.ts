import { createTestCase } from '../support/casework'
import { counted, office, type Row } from './place'

const group = 'What people type: public texts'

const notPersonal: readonly [residentName: string, text: string][] = [
  ['The Occupier', 'The footpath is closed'],
  ['Will Park', 'The park will close in May'],
  ['Mrs May West', 'Works in the road west of the hall, in May'],
  ['Ann Smith', 'The A30 2ft wide, the A4 3in deep and the A38 1st exit'],
  ['Ann Smith', 'Ring 0300 123 4567, 0800 111 999, 101, 111 or 999'],
]

const personal: readonly [residentName: string, text: string][] = [
  ['Ann Smith', 'The Smiths reported it'],
  ['Mrs May West', 'Mrs May reported it'],
  ['Will Park', 'Will Park reported it'],
  ['Ann Smith', 'Ring o7700 900123'],
  ['Ann Smith', 'Write to BFPO 61'],
]

async function published(texts: readonly [string, string][]): Promise<string> {
  const { app, council, ask } = await office()
  const seen: number[] = []
  for (const [residentName, publicSummary] of texts) {
    const { id } = await createTestCase(app, council, { residentName, publicSummary })
    seen.push((await ask('PATCH', `/api/cases/${id}`, { publicState: 'approved' })).status)
  }
  return counted(seen)
}

export const publicTexts: readonly Row[] = [
  {
    group,
    does: 'publishes “The footpath” of The Occupier, “park”, “May”, “A30 2ft wide”, 0300 123 4567',
    answer: () => published(notPersonal),
    isRight: (answer) => answer === '200 (5 times)',
  },
  {
    group,
    does: 'publishes “the Smiths”, “Mrs May”, “Will Park”, o7700 900123, BFPO 61',
    answer: () => published(personal),
    isRight: (answer) => answer === '400 (5 times)',
  },
  {
    group,
    does: 'publishes a number that the public may have, then confirms it with a reason, and asks the audit log',
    answer: async () => {
      const { app, council, ask } = await office()
      const { id } = await createTestCase(app, council, { publicSummary: 'Ring 0117 496 0123' })
      const path = `/api/cases/${id}`
      const refused = await ask('PATCH', path, { publicState: 'approved' })
      const reason = 'The number of the depot'
      const taken = await ask('PATCH', path, { publicState: 'approved', confirmPersonalData: { reason } })
      const log = await ask('GET', `/api/audit?entityId=${id}&action=case.confirm_personal_data`)
      const [entry] = log.body.entries
      return `${refused.status} ${refused.body.details.issues[0].message}; ${taken.status}; logged: ${entry?.changes.kinds.to}, ${entry?.changes.reason.to}`
    },
    isRight: (answer) =>
      /^400 Contains a telephone number.*; 200; logged: phone, The number of the depot$/.test(answer),
  },
  {
    group,
    does: 'adds a public note with the resident’s name and telephone number, and an internal one',
    answer: async () => {
      const { app, council, ask } = await office()
      const { id } = await createTestCase(app, council, { residentName: 'Ann Smith' })
      const note = (visibility: string) =>
        ask('POST', `/api/cases/${id}/notes`, { body: 'Ann Smith, 07700 900123', visibility })
      return `${(await note('public')).status}, ${(await note('internal')).status}`
    },
    isRight: (answer) => answer === '400, 201',
  },
]
