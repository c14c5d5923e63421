import type { Writer } from '../../core/ctx'
import { appendOccurrences } from '../../core/write'
import type { Confirmation, Guarded } from './rules/personal'

/** Records what was confirmed and why, in the same change; never the texts themselves. */
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
