import { bankHolidays, type Nation } from '../../lib/bank-holidays'
import { badRequest } from '../../lib/errors'
import { startOfLocalDate } from '../../lib/time'
import { type CalendarChanges, weekendDay } from '../../lib/workdays'

type Cleared = readonly string[] | 'all'

/** What to clear goes first, then what to add; dates that are not named stay as they are. */
export type CalendarEdit = {
  clearOff?: Cleared
  clearWork?: Cleared
  off?: readonly { date: string; name: string }[]
  work?: readonly string[]
}

const maxDays = 500

/** The council’s exceptions to its nation’s bank holidays after an edit, in the order of their dates. */
export function editCalendar(now: CalendarChanges, edit: CalendarEdit): CalendarChanges {
  const { off = [], work = [], clearOff = [], clearWork = [] } = edit
  const offDates = now.added.map(({ date }) => date)
  const lists = [clearOff, clearWork].flatMap((dates) => (dates === 'all' ? [] : dates))
  const bad = [...off.map(({ date }) => date), ...work, ...lists].find(
    (date) => !startOfLocalDate(date, 'UTC'),
  )
  if (bad !== undefined) throw badRequest(`"${bad}" is not a date, such as 2026-12-24`)
  assertThere(clearOff, offDates, 'one of the council’s extra days off')
  assertThere(clearWork, now.removed, 'a bank holiday on which the council works')

  const added = new Map(without(clearOff, offDates).map((date) => [date, nameOf(now, date)]))
  for (const { date, name } of off) added.set(date, name)
  const removed = new Set([...without(clearWork, now.removed), ...work])
  if (added.size + removed.size > maxDays) {
    throw badRequest(`A council may have ${maxDays} such days at most`)
  }
  return {
    added: [...added].map(([date, name]) => ({ date, name })).sort((a, b) => (a.date < b.date ? -1 : 1)),
    removed: [...removed].sort(),
  }
}

const nameOf = ({ added }: CalendarChanges, date: string) =>
  added.find((day) => day.date === date)?.name ?? ''

const without = (cleared: Cleared, dates: readonly string[]) =>
  cleared === 'all' ? [] : dates.filter((date) => !cleared.includes(date))

function assertThere(cleared: Cleared, dates: readonly string[], what: string): void {
  const missing = cleared === 'all' ? undefined : cleared.find((date) => !dates.includes(date))
  if (missing !== undefined) throw badRequest(`${missing} is not ${what}`)
}

/** Warnings about dates in an edit that change nothing, or perhaps not as meant; `after` is the calendar after the edit. */
export function idleDates(
  nation: Nation,
  after: CalendarChanges,
  { off = [], work = [] }: CalendarEdit,
): string[] {
  const holidayOn = (date: string) =>
    bankHolidays(nation, Number(date.slice(0, 4))).find((day) => day.date === date)?.name
  const offAnyway = (date: string): string[] => {
    const weekend = weekendDay(date)
    if (weekend !== null) return [`${date} is a ${weekend}, which is no working day anyway`]
    const holiday = after.removed.includes(date) ? undefined : holidayOn(date)
    return holiday === undefined ? [] : [`${date} is a bank holiday already: ${holiday}`]
  }
  const notWorked = (date: string): string[] => {
    const weekend = weekendDay(date)
    if (weekend !== null) return [`${date} is a ${weekend}: no weekend counts as working days`]
    if (after.added.some((day) => day.date === date)) {
      return [`${date} stays a day off: it is an extra day off too, which --clear-off ${date} removes`]
    }
    return holidayOn(date) === undefined ? [`${date} is no bank holiday, so it is a working day anyway`] : []
  }
  return [...off.flatMap(({ date }) => offAnyway(date)), ...work.flatMap(notWorked)]
}
