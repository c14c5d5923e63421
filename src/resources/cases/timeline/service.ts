import type { Change } from '../../../core/change'
import type { Ctx } from '../../../core/ctx'
import { inspect } from '../../../core/validation'
import { write } from '../../../core/write'
import { invalid } from '../../../lib/errors'
import { refile } from '../derived/search-entry.store'
import type { CaseView, CaseWithNames } from '../model'
import { toView as toCaseView } from '../model'
import { showCase } from '../residents/service'
import { withResponse } from '../rules/history'
import { getCase, updateCase } from '../store'
import { NoteCreate, type TimelineEntryView, toView } from './model'
import { insertEntry, listEntries } from './store'

const shownEntries = 100

export async function showWithTimeline(
  ctx: Ctx,
  found: CaseWithNames,
): Promise<{ view: CaseView; timeline: TimelineEntryView[] }> {
  const { rows } = await listEntries(
    ctx,
    found.case.id,
    {},
    { kind: 'cursor', pageSize: shownEntries, after: null },
  )
  return { view: await showCase(ctx, found), timeline: rows.map(toView) }
}

/** A note counts as a change of its case. */
export const addNote = (ctx: Ctx, idOrReference: string, input: NoteCreate): Promise<TimelineEntryView> =>
  write(ctx, 'case.note', async (w) => {
    const found = await getCase(w, idOrReference)
    const { issues, sound } = inspect(NoteCreate, input)
    if (issues.length > 0) throw invalid(issues)
    const { body, visibility = 'internal' } = sound
    const note = toView(await insertEntry(w, found.case.id, { kind: 'note', body, visibility }))
    const updated = await updateCase(
      w,
      found.case,
      visibility === 'public' ? withResponse(found.case, w.clock.now()) : {},
    )
    await refile(w, updated)
    const data = { case: toCaseView({ ...found, case: updated }, w.clock.now()), note }
    const change: Change = {
      entity: 'case',
      id: found.case.id,
      before: null,
      after: { note: note.id, visibility },
      safe: ['note', 'visibility'],
      events: [{ name: 'case_note_added', data }],
    }
    return { changes: [change], result: note }
  })
