import type { Term } from '../../../resources/cases/residents/model'
import type { SlaState } from '../../../resources/cases/rules/target'
import type { CaseStatus, PendingReason, PublicState, Resolution } from '../../../resources/cases/table'
import { wordsOf } from '../../words'
import { statusColour } from '../words'

/** The colour only repeats what the words say. */
export type Tag = { text: string; classes: string }

const tag = (text: string, colour: string): Tag => ({ text, classes: `govuk-tag--${colour}` })

export const statusTag = (status: CaseStatus): Tag => ({
  text: wordsOf(status),
  classes: statusColour(status),
})

const targetTags: Record<SlaState, Tag | null> = {
  none: null,
  on_track: tag('On track', 'green'),
  due_soon: tag('Due soon', 'orange'),
  breached: tag('Overdue', 'red'),
  met: tag('Target met', 'green'),
  paused: tag('Target paused', 'grey'),
}

/** Null if the case has no target. */
export const targetTag = (state: SlaState, isFinished: boolean): Tag | null =>
  state === 'breached' && isFinished ? tag('Target missed', 'red') : targetTags[state]

export const publicTags: Record<PublicState, Tag> = {
  draft: tag('Not public', 'grey'),
  approved: tag('Public', 'green'),
  withdrawn: tag('Withdrawn', 'orange'),
}

/** Who or what a case is waiting for. */
export const pendingWords: Record<PendingReason, string> = {
  awaiting_constituent: 'The resident',
  awaiting_department: 'Another department',
  awaiting_third_party: 'Somebody outside the council',
  scheduled: 'Work that is booked',
  investigating: 'An investigation',
}

export const resolutionWords: Record<Resolution, string> = {
  fixed: 'Fixed',
  answered: 'Answered',
  advice_given: 'Advice was given',
  no_further_action: 'No further action',
  not_responsible: 'Not the council’s responsibility',
  referred: 'Referred to somebody else',
  duplicate: 'Duplicate of another case',
  withdrawn: 'Withdrawn by the resident',
  no_contact: 'The resident could not be reached',
}

export const termWords: Record<Term, string> = {
  email: 'e-mail address',
  phone: 'telephone number',
  postcode: 'postcode',
}

/** The text of the button that makes the move. */
export function moveWords(from: CaseStatus, to: CaseStatus): string {
  if (to === 'open') return 'Move back to open'
  if (to === 'resolved') return 'Resolve'
  if (to === 'closed') return 'Close'
  return from === 'open' ? 'Start work' : 'Reopen'
}

/** The title of the page on which the move is made. */
export function moveTitle(from: CaseStatus, to: CaseStatus, reference: string): string {
  if (to === 'open') return `Move ${reference} back to open`
  const words = moveWords(from, to)
  return words === 'Start work' ? `Start work on ${reference}` : `${words} ${reference}`
}
