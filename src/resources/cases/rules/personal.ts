import type { Static } from '@sinclair/typebox'
import { Strict, Text } from '../../../core/schema'
import type { Issue } from '../../../lib/errors'
import { findPersonalData, type PersonalDataKind } from '../../../lib/personal-data'

/** Confirms that a text only looks like personal data, or that the public may read it. */
export const Confirmation = Strict(
  {
    reason: Text(300, {
      description:
        'Why the public may read it. It is kept in the audit log, so it may hold no personal data itself',
      examples: ['The number is the ward office’s'],
    }),
  },
  { description: 'Allows public text in which personal data was found; recorded in the audit log' },
)
export type Confirmation = Static<typeof Confirmation>

/** A text for the public, and the path of its field. */
export type PublicText = { path: string; text: string }

type FoundIn = { path: string; kinds: PersonalDataKind[] }

/** `confirmed` lists what would be refused without the confirmation. */
export type Guarded = { issues: Issue[]; confirmed: FoundIn[] }

const words: Record<PersonalDataKind, string> = {
  email: 'an e-mail address',
  phone: 'a telephone number',
  postcode: 'a postcode',
  name: 'the resident’s name or a part of it',
}

const inWords = (kinds: readonly PersonalDataKind[]) => kinds.map((kind) => words[kind]).join(', ')

/** What to do about personal data. */
const advice = 'Take it out, or confirm with a reason that the public may read it'
export const adviceInFiles = 'Take it out, or import the case as a draft and publish it afterwards'

const issueOf = ({ path, kinds }: FoundIn, what: string): Issue => ({
  in: 'body',
  path,
  code: 'personal',
  message: `Contains ${inWords(kinds)}. ${what}`,
})

/** The audit log keeps the reason for years, and nobody can take anything out of it. */
function reasonIssues({ reason }: Confirmation, residentName: string | null): Issue[] {
  const kinds = findPersonalData(reason, residentName)
  if (kinds.length === 0) return []
  const message = `Must not contain ${inWords(kinds)}: the audit log keeps it`
  return [{ in: 'body', path: 'confirmPersonalData.reason', code: 'format', message }]
}

/** Refuses personal data in texts for the public, unless somebody confirms it. */
export function guardTexts(
  texts: readonly PublicText[],
  residentName: string | null,
  confirmation: Confirmation | undefined,
  what = advice,
): Guarded {
  const found = texts
    .map(({ path, text }): FoundIn => ({ path, kinds: findPersonalData(text, residentName) }))
    .filter(({ kinds }) => kinds.length > 0)
  if (found.length === 0) return { issues: [], confirmed: [] }
  if (confirmation === undefined) return { issues: found.map((one) => issueOf(one, what)), confirmed: [] }
  return { issues: reasonIssues(confirmation, residentName), confirmed: found }
}
