import type { Command } from 'commander'
import { type CalendarEdit, idleDates } from '../core/tenants/calendar'
import { changeCalendar } from '../core/tenants/service'
import type { CalendarChanges } from '../lib/workdays'
import { countTargetsToMove, moveTargets } from '../resources/cases/move-targets.service'
import { type DayOff, dates, daysOff } from './options'
import { print, withTenant } from './support'

type Edit = { off?: DayOff[]; work?: string[]; clearOff?: string[] | true; clearWork?: string[] | true }

/** `reeve tenant set-holidays`: changes the dates that are named and no others. */
export function addSetHolidays(tenant: Command): void {
  tenant
    .command('set-holidays')
    .argument('<short-name>', 'the council')
    .description('change the council’s exceptions to bank holidays; without options, show them')
    .option('--off <date=name...>', 'add extra days off, such as 2026-12-24="Christmas closure"', daysOff)
    .option('--work <date...>', 'add bank holidays on which the council works', dates)
    .option('--clear-off [date...]', 'remove these extra days off, or all of them', dates)
    .option('--clear-work [date...]', 'remove these bank holidays on which the council works, or all', dates)
    .option(
      '--move-targets',
      'give open cases the due dates that they would have by the days off as they are now',
    )
    .action((slug: string, { moveTargets: isMoved = false, ...asked }: Edit & { moveTargets?: boolean }) =>
      withTenant(slug, async (ctx) => {
        const edit = editOf(asked)
        const isEdit = Object.keys(asked).length > 0
        const { calendar } = isEdit ? await changeCalendar(ctx, edit) : ctx.tenant
        printCalendar(slug, calendar)
        for (const sentence of idleDates(ctx.tenant.nation, calendar, edit)) print(`Note: ${sentence}.`)
        if (isMoved) return print(movedWords(slug, await moveTargets(ctx)))
        const count = await countTargetsToMove(ctx)
        if (isEdit || count > 0) print(waitingWords(slug, count))
      }),
    )
}

const casesWords = (count: number) => (count === 1 ? '1 open case' : `${count} open cases`)

const movedWords = (slug: string, count: number) => `${slug}: ${casesWords(count)} moved to another due date.`

const waitingWords = (slug: string, count: number) =>
  count === 0
    ? `${slug}: the due dates of open cases stay as they are.`
    : `${slug}: ${casesWords(count)} would have another due date by these days off. To move them: reeve tenant set-holidays ${slug} --move-targets`

const editOf = ({ off = [], work = [], clearOff = [], clearWork = [] }: Edit): CalendarEdit => ({
  off,
  work,
  clearOff: clearOff === true ? 'all' : clearOff,
  clearWork: clearWork === true ? 'all' : clearWork,
})

function printCalendar(slug: string, { added, removed }: CalendarChanges): void {
  print(`${slug}: ${added.length === 0 ? 'no extra days off.' : 'extra days off'}`)
  for (const { date, name } of added) print(`  ${date}  ${name}`)
  print(`${slug}: ${removed.length === 0 ? 'no bank holidays worked.' : 'bank holidays worked'}`)
  for (const date of removed) print(`  ${date}`)
}
