import { paged } from '../../../core/paging'
import type { Visit } from '../../../http/pages'
import type { CaseView } from '../../../resources/cases/model'
import { type TimelineEntryView, toView } from '../../../resources/cases/timeline/model'
import { listEntries } from '../../../resources/cases/timeline/store'
import { showPage } from '../../page'
import { formatDay, wordsOf } from '../../words'
import { type ByReference, backToCase, casePath, openCase } from './open'
import { pendingWords, resolutionWords } from './words'

type Headline = { label: string; lines: string[] }

/** An entry as the timeline shows it; `body` is the text that somebody wrote. */
type Item = Headline & { byline: string; at: string; body: string | null }

type State = TimelineEntryView['to']

const stateValue = (state: State, name: string): string | null => state?.[name] ?? null

/** A newer version of Reeve may have written a value that this one has no word for. */
const wordFor = (words: Record<string, string>, value: string) => words[value] ?? wordsOf(value)

function statusHeadline({ from, to }: TimelineEntryView): Headline {
  const [before, after] = [stateValue(from, 'status'), stateValue(to, 'status')]
  const resolution = stateValue(to, 'resolution')
  const lines = resolution === null ? [] : [`Resolution: ${wordFor(resolutionWords, resolution)}`]
  if (before === after) return { label: 'Resolution changed', lines }
  const words = (status: string | null) => (status === null ? 'new' : wordsOf(status))
  return { label: `Moved from ${words(before)} to ${words(after)}`, lines }
}

function assignmentHeadline({ from, to }: TimelineEntryView): Headline {
  const name = (state: State) => stateValue(state, 'assignee') ?? 'nobody'
  return { label: `Assigned to ${name(to)}`, lines: [`Before: ${name(from)}`] }
}

function targetHeadline({ from, to }: TimelineEntryView, timezone: string): Headline {
  if (stateValue(to, 'slaState') === 'breached') return { label: 'Target missed', lines: [] }
  const lines: string[] = []
  const [before, after] = [stateValue(from, 'dueAt'), stateValue(to, 'dueAt')]
  if (before !== after) {
    const day = (at: string | null) => (at === null ? 'no target' : formatDay(at, timezone))
    lines.push(`Target: ${day(after)}. Before: ${day(before)}`)
  }
  const [waited, waits] = [stateValue(from, 'pending'), stateValue(to, 'pending')]
  const until = stateValue(to, 'pendingUntil')
  const isOther = waited !== waits || stateValue(from, 'pendingUntil') !== until
  if (!isOther) return { label: 'Target changed', lines }
  if (waits === null) return { label: 'Taken off hold', lines }
  const end = until === null ? 'with no end date' : `until ${formatDay(until, timezone)}`
  lines.unshift(`Waiting for: ${wordFor(pendingWords, waits)}, ${end}`)
  return { label: waited === null ? 'Put on hold' : 'Hold changed', lines }
}

function headlineOf(entry: TimelineEntryView, timezone: string): Headline {
  switch (entry.kind) {
    case 'note':
      return entry.visibility === 'public'
        ? { label: 'Public note', lines: ['The resident can read this.'] }
        : { label: 'Note', lines: [] }
    case 'status':
      return statusHeadline(entry)
    case 'assignment':
      return assignmentHeadline(entry)
    case 'target':
      return targetHeadline(entry, timezone)
    case 'public_update': {
      const isPublic = stateValue(entry.to, 'publicState') === 'approved'
      return { label: isPublic ? 'Published' : 'Withdrawn from the public', lines: [] }
    }
  }
}

const authors: Record<TimelineEntryView['author']['type'], (name: string) => string> = {
  user: (name) => name,
  key: (name) => `${name} (API key)`,
  cli: (name) => `${name} (command line)`,
  system: (name) => name,
  public: () => 'the public',
}

const itemOf = (entry: TimelineEntryView, timezone: string): Item => ({
  ...headlineOf(entry, timezone),
  byline: authors[entry.author.type](entry.author.name),
  at: entry.at,
  body: entry.body,
})

/** Up to 100 entries, newest first, from a cursor on; `earlier` is the address of those before them. */
export async function readTimeline(
  { ctx }: Visit,
  { id, reference }: Pick<CaseView, 'id' | 'reference'>,
  cursor: string,
): Promise<{ items: Item[]; earlier: string | null }> {
  const query = { cursor, pageSize: 100 }
  const { rows, pagination } = await paged(ctx, `timeline ${id}`, query, (slice) =>
    listEntries(ctx, id, {}, slice),
  )
  const next = 'nextCursor' in pagination ? pagination.nextCursor : null
  return {
    items: rows.map((row) => itemOf(toView(row), ctx.tenant.timezone)),
    earlier: next && casePath({ reference }, `/timeline?cursor=${encodeURIComponent(next)}`),
  }
}

/** The entries before those that the page of the case shows. */
export async function showTimeline(visit: Visit, { reference }: ByReference): Promise<Response> {
  const { view } = await openCase(visit, reference)
  const cursor = visit.query.get('cursor') ?? ''
  return showPage(visit, 'cases/one/timeline.njk', {
    title: `Timeline of ${view.reference}`,
    back: backToCase(view),
    heading: view.summary,
    newest: cursor === '' ? null : casePath(view, '/timeline'),
    ...(await readTimeline(visit, view, cursor)),
  })
}
