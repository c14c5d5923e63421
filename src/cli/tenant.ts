import { type Command, Option } from 'commander'
import { plans } from '../core/scopes'
import { createTenant, setCalendar, setCorsOrigins, setPlan, setTargets } from '../core/tenants/service'
import { listTenants } from '../core/tenants/store'
import { nations } from '../lib/bank-holidays'
import { dayTypes } from '../lib/workdays'
import { consoleActor, print, printJson, printTable, withDeps, withTenant } from './support'

export function addTenantCommand(program: Command): void {
  const tenant = program.command('tenant').description('councils')

  tenant
    .command('create')
    .description('make a council')
    .requiredOption('--slug <slug>', 'short name in addresses: lower-case letters, digits, hyphens')
    .requiredOption('--name <name>', 'the council’s name')
    .addOption(new Option('--plan <plan>').choices(plans).default('council'))
    .addOption(
      new Option('--nation <nation>', 'whose bank holidays count').choices(nations).default('england_wales'),
    )
    .option('--json', 'print JSON')
    .action(({ json, ...input }) =>
      withDeps(async (deps) => {
        const created = await createTenant(deps, consoleActor(), input)
        if (json) printJson(created)
        else print(`Created ${created.name} (${created.slug}) on the plan ${created.plan}.`)
      }),
    )

  tenant
    .command('list')
    .description('list the councils')
    .option('--json', 'print JSON')
    .action(({ json }) =>
      withDeps(async (deps) => {
        const rows = await listTenants(deps.store.read)
        if (json)
          printJson(rows.map(({ id, slug, name, plan, nation }) => ({ id, slug, name, plan, nation })))
        else
          printTable(
            ['SLUG', 'NAME', 'PLAN'],
            rows.map(({ slug, name, plan }) => [slug, name, plan]),
          )
      }),
    )

  tenant
    .command('set-plan <slug> <plan>')
    .description(`move a council to another plan (${plans.join(', ')})`)
    .action((slug: string, wanted: string, _options, command: Command) => {
      const plan = plans.find((known) => known === wanted)
      if (!plan) command.error(`error: the plan is one of ${plans.join(', ')}`)
      else
        return withTenant(slug, async (ctx) =>
          print(`${slug} is on the plan ${(await setPlan(ctx, plan)).plan}.`),
        )
    })

  tenant
    .command('set-origins <slug> [origin...]')
    .description('say which web origins may use the API from a browser; none for no origin')
    .action((slug: string, origins: string[]) =>
      withTenant(slug, async (ctx) => {
        const { corsOrigins } = await setCorsOrigins(ctx, origins)
        print(`${slug} allows ${corsOrigins.length === 0 ? 'no web origin' : corsOrigins.join(', ')}.`)
      }),
    )

  tenant
    .command('set-targets <slug>')
    .description('say when cases are due whose category says nothing, and when resolved ones are closed')
    .option('--days <days>', 'days to resolve a case in, or none')
    .addOption(new Option('--day-type <type>', 'what is counted').choices(dayTypes))
    .option('--close-after <days>', 'working days after which a resolved case is closed, or none')
    .action((slug: string, { days, dayType, closeAfter }) =>
      withTenant(slug, async (ctx) => {
        const told = await setTargets(ctx, {
          ...(days === undefined ? {} : { targetDays: readDays(days) }),
          ...(dayType === undefined ? {} : { targetDayType: dayType }),
          ...(closeAfter === undefined ? {} : { reopenWindowDays: readDays(closeAfter) }),
        })
        const { targetDays, targetDayType, reopenWindowDays } = told
        print(
          `${slug}: due in ${targetDays === null ? 'no time' : `${targetDays} ${targetDayType} days`}, ` +
            `resolved cases closed ${reopenWindowDays === null ? 'by people alone' : `after ${reopenWindowDays} working days`}.`,
        )
      }),
    )

  tenant
    .command('set-holidays <slug>')
    .description(
      'say where the council’s days off differ from bank holidays, in place of what was said before',
    )
    .option('--off <date=name...>', 'further days off, such as 2026-12-24="Christmas closure"')
    .option('--work <date...>', 'bank holidays on which the council works')
    .action((slug: string, { off = [], work = [] }) =>
      withTenant(slug, async (ctx) => {
        const added = (off as string[]).map((text) => {
          const [date = '', ...name] = text.split('=')
          return { date, name: name.join('=').trim() || 'Day off' }
        })
        const { calendar } = await setCalendar(ctx, { added, removed: work })
        print(
          `${slug}: ${calendar.added.length} further days off, ${calendar.removed.length} bank holidays worked.`,
        )
      }),
    )
}

/** A number of days, or null for `none`; anything else is refused as no number. */
const readDays = (text: string) => (text === 'none' ? null : Number(text))
