import type { Command } from 'commander'
import type { CalendarEdit } from '../core/tenants/calendar'
import { changeCalendar } from '../core/tenants/service'
import type { CalendarChanges } from '../lib/workdays'
import { print, withTenant } from './support'

type Options = { off?: string[]; work?: string[]; clearOff?: string[] | true; clearWork?: string[] | true }

/** `reeve tenant set-holidays`: changes the dates that are named and no others. */
export function addSetHolidays(tenant: Command): void {
  tenant
    .command('set-holidays <slug>')
    .description('change the council’s exceptions to bank holidays; without options, show them')
    .option('--off <date=name...>', 'add extra days off, such as 2026-12-24="Christmas closure"')
    .option('--work <date...>', 'add bank holidays on which the council works')
    .option('--clear-off [date...]', 'remove these extra days off, or all of them')
    .option('--clear-work [date...]', 'remove these bank holidays on which the council works, or all of them')
    .action((slug: string, options: Options) =>
      withTenant(slug, async (ctx) => {
        const isAsked = Object.keys(options).length > 0
        const { calendar } = isAsked ? await changeCalendar(ctx, editOf(options)) : ctx.tenant
        printCalendar(slug, calendar)
      }),
    )
}

const editOf = ({ off = [], work = [], clearOff = [], clearWork = [] }: Options): CalendarEdit => ({
  off: off.map(dayOff),
  work,
  clearOff: clearOff === true ? 'all' : clearOff,
  clearWork: clearWork === true ? 'all' : clearWork,
})

function dayOff(text: string): { date: string; name: string } {
  const [date = '', ...name] = text.split('=')
  return { date, name: name.join('=').trim() || 'Day off' }
}

function printCalendar(slug: string, { added, removed }: CalendarChanges): void {
  print(`${slug}: ${added.length === 0 ? 'no extra days off.' : 'extra days off'}`)
  for (const { date, name } of added) print(`  ${date}  ${name}`)
  print(`${slug}: ${removed.length === 0 ? 'no bank holidays worked.' : 'bank holidays worked'}`)
  for (const date of removed) print(`  ${date}`)
}
