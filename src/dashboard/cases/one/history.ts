import type { TimelineEntryView } from '../../../resources/cases/timeline/model'
import { formatDay, wordsOf } from '../../words'
import { pendingWords, resolutionWords } from './words'

/** An entry of a case's timeline as it is shown: what happened, in a line, and what was written. */
export type Item = {
  label: string
  byline: string
  at: string
  lines: string[]
  body: string | null
}

type State = TimelineEntryView['to']

const told = (state: State, name: string): string | null => state?.[name] ?? null

/** The word for a value; one that this version of Reeve does not know stays readable. */
const wordFor = (words: Record<string, string>, value: string) => words[value] ?? wordsOf(value)

function moved({ from, to }: TimelineEntryView): { label: string; lines: string[] } {
  const [before, after] = [told(from, 'status'), told(to, 'status')]
  const resolution = told(to, 'resolution')
  const lines = resolution === null ? [] : [`Resolution: ${wordFor(resolutionWords, resolution)}`]
  if (before === after) return { label: 'Resolution changed', lines }
  const words = (status: string | null) => (status === null ? 'new' : wordsOf(status))
  return { label: `Moved from ${words(before)} to ${words(after)}`, lines }
}

function assigned({ from, to }: TimelineEntryView): { label: string; lines: string[] } {
  const name = (state: State) => told(state, 'assignee') ?? 'nobody'
  return { label: `Assigned to ${name(to)}`, lines: [`Before: ${name(from)}`] }
}

function targetMoved({ from, to }: TimelineEntryView, timezone: string): { label: string; lines: string[] } {
  if (told(to, 'slaState') === 'breached') return { label: 'Target missed', lines: [] }
  const lines: string[] = []
  const [before, after] = [told(from, 'dueAt'), told(to, 'dueAt')]
  if (before !== after) {
    const day = (at: string | null) => (at === null ? 'no target' : formatDay(at, timezone))
    lines.push(`Target: ${day(after)}. Before: ${day(before)}`)
  }
  const [waited, waits] = [told(from, 'pending'), told(to, 'pending')]
  const until = told(to, 'pendingUntil')
  const isOther = waited !== waits || told(from, 'pendingUntil') !== until
  if (!isOther) return { label: 'Target changed', lines }
  if (waits === null) return { label: 'Waiting ended', lines }
  const end = until === null ? 'without an end that is set' : `until ${formatDay(until, timezone)}`
  lines.unshift(`Waiting for: ${wordFor(pendingWords, waits)}, ${end}`)
  return { label: waited === null ? 'Waiting began' : 'Waiting changed', lines }
}

function published({ to }: TimelineEntryView): { label: string; lines: string[] } {
  const state = told(to, 'publicState')
  if (state === 'approved') return { label: 'Shown to everybody', lines: [] }
  return { label: 'Taken back from the public', lines: [] }
}

function said(entry: TimelineEntryView, timezone: string): { label: string; lines: string[] } {
  switch (entry.kind) {
    case 'note':
      return entry.visibility === 'public'
        ? { label: 'Public note', lines: ['The resident can read this.'] }
        : { label: 'Note', lines: [] }
    case 'status':
      return moved(entry)
    case 'assignment':
      return assigned(entry)
    case 'target':
      return targetMoved(entry, timezone)
    case 'public_update':
      return published(entry)
  }
}

const authors: Record<TimelineEntryView['author']['type'], (name: string) => string> = {
  user: (name) => name,
  key: (name) => `${name} (API key)`,
  cli: (name) => `${name} (command line)`,
  system: (name) => name,
  public: () => 'the public',
}

/** The entries of a timeline as they are shown, in their order. */
export const itemsOf = (entries: readonly TimelineEntryView[], timezone: string): Item[] =>
  entries.map((entry) => ({
    ...said(entry, timezone),
    byline: authors[entry.author.type](entry.author.name),
    at: entry.at,
    body: entry.body,
  }))
