import { assertMove, type Moves } from '../../../core/publishing'
import { isEqual } from '../../../lib/equal'
import { type PublishedField, publishedFields } from '../fields'
import type { CaseRow, PublicState } from '../table'
import { type Confirmation, type Guarded, guardTexts, type PublicText } from './personal'

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

type Texts = Pick<CaseRow, 'publicSummary' | 'publicThemes'>

/** `passed` are texts that were allowed or confirmed before; `advice` says what to do about personal data. */
type Known = { confirmation?: Confirmation | undefined; passed?: Texts; advice?: string }

const nothing: Texts = { publicSummary: null, publicThemes: [] }

/**
 * A case can be made public only with a summary, and without personal data in what was written for the public, unless
 * somebody confirms it.
 */
export function guardPublic(
  { publicSummary, publicThemes }: Texts,
  residentName: string | null,
  { confirmation, passed = nothing, advice }: Known = {},
): Guarded {
  if (publicSummary === null) {
    const message = 'Required before the case is made public'
    return { issues: [{ in: 'body', path: 'publicSummary', code: 'required', message }], confirmed: [] }
  }
  const themes = publicThemes.map((text, i): PublicText => ({ path: `publicThemes.${i}`, text }))
  const texts = [
    ...(publicSummary === passed.publicSummary ? [] : [{ path: 'publicSummary', text: publicSummary }]),
    ...themes.filter(({ text }) => !passed.publicThemes.includes(text)),
  ]
  return guardTexts(texts, residentName, confirmation, advice)
}
