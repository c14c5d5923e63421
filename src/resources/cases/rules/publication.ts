import { assertMove, type Moves } from '../../../core/publishing'
import { isEqual } from '../../../lib/equal'
import type { Issue } from '../../../lib/errors'
import { findPersonalData, type PersonalDataKind } from '../../../lib/personal-data'
import { type PublishedField, publishedFields } from '../fields'
import type { CaseRow, PublicState } from '../table'

const moves: Moves<PublicState> = {
  draft: ['approved'],
  approved: ['withdrawn'],
  withdrawn: ['approved'],
}

export const assertPublicMove = (from: PublicState, to: PublicState): void =>
  assertMove('What is public of a case', moves, from, to)

export const allowedPublicMoves = (from: PublicState): readonly PublicState[] => moves[from]

type PublicVersion = Pick<CaseRow, PublishedField>

/** Only what somebody wrote for the public counts: its status changes there too, and needs no right to publish. */
export const changesPublicVersion = (before: PublicVersion, after: PublicVersion): boolean =>
  (before.publicState === 'approved' || after.publicState === 'approved') &&
  publishedFields.some((name) => !isEqual(before[name], after[name]))

const words: Record<PersonalDataKind, string> = {
  email: 'an e-mail address',
  phone: 'a telephone number',
  postcode: 'a postcode',
  name: 'the resident’s name or a part of it',
}

/** A case can be made public only with a summary, and without personal data in what was written for the public. */
export function publicIssues(
  { publicSummary, publicThemes }: Pick<CaseRow, 'publicSummary' | 'publicThemes'>,
  residentName: string | null,
): Issue[] {
  if (publicSummary === null) {
    return [
      {
        in: 'body',
        path: 'publicSummary',
        code: 'required',
        message: 'Required before the case is made public',
      },
    ]
  }
  const check = (path: string, text: string): Issue[] => {
    const found = findPersonalData(text, residentName)
    const message = `Holds ${found.map((kind) => words[kind]).join(', ')}: it cannot be made public`
    return found.length > 0 ? [{ in: 'body', path, code: 'personal', message }] : []
  }
  return [
    ...check('publicSummary', publicSummary),
    ...publicThemes.flatMap((theme, i) => check(`publicThemes.${i}`, theme)),
  ]
}
