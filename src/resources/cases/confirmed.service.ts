import type { Writer } from '../../core/ctx'
import { appendOccurrences } from '../../core/write'
import type { Confirmation, Guarded } from './rules/personal'

/** Puts on record what was confirmed and why, within the change that it lets pass; never what the texts hold. */
export async function recordConfirmed(
  w: Writer,
  caseId: string,
  confirmed: Guarded['confirmed'],
  confirmation: Confirmation | undefined,
): Promise<void> {
  if (confirmation === undefined || confirmed.length === 0) return
  const note = {
    fields: confirmed.map(({ path }) => path).join(', '),
    kinds: [...new Set(confirmed.flatMap(({ kinds }) => kinds))].join(', '),
    reason: confirmation.reason,
  }
  await appendOccurrences(w, 'case.confirm_personal_data', [{ entity: 'case', id: caseId, note }])
}
