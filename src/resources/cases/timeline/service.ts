import type { Change } from '../../../core/change'
import type { Ctx, Writer } from '../../../core/ctx'
import { inspect } from '../../../core/validation'
import { write } from '../../../core/write'
import { type Issue, invalid } from '../../../lib/errors'
import { recordConfirmed } from '../confirmed.service'
import { refile } from '../derived/search-entry.store'
import type { CaseView, CaseWithNames } from '../model'
import { toView as toCaseView } from '../model'
import { showCase } from '../residents/service'
import { getResident } from '../residents/store'
import { withResponse } from '../rules/history'
import { type Confirmation, type Guarded, guardTexts } from '../rules/personal'
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

const unreadableIssue: Issue = {
  in: 'body',
  path: 'visibility',
  code: 'rule',
  message: 'The resident’s details cannot be read, so nobody can tell whether the note names them',
}

/** Public notes are checked like all other texts for the public. */
async function guardNote(
  w: Writer,
  { case: { id } }: CaseWithNames,
  text: string,
  confirmation: Confirmation | undefined,
): Promise<Guarded> {
  const { residentName, residentUnreadable } = await getResident(w, id)
  const { issues, confirmed } = guardTexts([{ path: 'body', text }], residentName, confirmation)
  return { issues: residentUnreadable ? [...issues, unreadableIssue] : issues, confirmed }
}

/** A note counts as a change of its case. */
export const addNote = (ctx: Ctx, idOrReference: string, input: NoteCreate): Promise<TimelineEntryView> =>
  write(ctx, 'case.note', async (w) => {
    const found = await getCase(w, idOrReference)
    const { issues, sound } = inspect(NoteCreate, input)
    const { body = '', visibility = 'internal', confirmPersonalData: confirmation } = sound
    const guarded = visibility === 'public' ? await guardNote(w, found, body, confirmation) : null
    issues.push(...(guarded?.issues ?? []))
    if (issues.length > 0) throw invalid(issues)
    await recordConfirmed(w, found.case.id, guarded?.confirmed ?? [], confirmation)
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
