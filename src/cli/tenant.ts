import { type Command, Option } from 'commander'
import { loadConfig } from '../config'
import type { Deps } from '../core/ctx'
import { plans } from '../core/scopes'
import { createTenant, setCalendar, setCorsOrigins, setPlan, setTargets } from '../core/tenants/service'
import { listTenants } from '../core/tenants/store'
import { createStore, hasStore, lockStore } from '../db/open'
import { nations } from '../lib/bank-holidays'
import { systemClock } from '../lib/clock'
import { dayTypes } from '../lib/workdays'
import { consoleActor, print, printJson, printTable, withDeps, withTenant } from './support'

export function addTenantCommand(program: Command): void {
  const tenant = program.command('tenant').description('councils')

  tenant
    .command('create')
    .description('create a council')
    .requiredOption(
      '--slug <slug>',
      'short name in web addresses and commands: lower-case letters, digits, hyphens',
    )
    .requiredOption('--name <name>', 'the council’s name')
    .addOption(new Option('--plan <plan>').choices(plans).default('council'))
    .addOption(
      new Option('--nation <nation>', 'whose bank holidays count').choices(nations).default('england_wales'),
    )
    .option('--json', 'print JSON')
    .action(({ json, ...input }) =>
      withNewStore(async (deps) => {
        const created = await createTenant(deps, consoleActor(), input)
        if (json) printJson(created)
        else print(`Created ${created.name} (${created.slug}) on the ${created.plan} plan.`)
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
      if (!plan) command.error(`error: the plan must be one of ${plans.join(', ')}`)
      else
        return withTenant(slug, async (ctx) =>
          print(`${slug} is on the ${(await setPlan(ctx, plan)).plan} plan.`),
        )
    })

  tenant
    .command('set-origins <slug> [origin...]')
    .description('set the web origins that may use the API from a browser; give none to allow no origin')
    .action((slug: string, origins: string[]) =>
      withTenant(slug, async (ctx) => {
        const { corsOrigins } = await setCorsOrigins(ctx, origins)
        print(`${slug} allows ${corsOrigins.length === 0 ? 'no web origin' : corsOrigins.join(', ')}.`)
      }),
    )

  tenant
    .command('set-targets <slug>')
    .description('set targets for cases whose category has none, and when resolved cases are closed')
    .option('--days <days>', 'days to resolve a case in, or none')
    .addOption(new Option('--day-type <type>', 'the kind of days').choices(dayTypes))
    .option('--close-after <days>', 'working days after which a resolved case is closed, or none')
    .action((slug: string, { days, dayType, closeAfter }) =>
      withTenant(slug, async (ctx) => {
        const saved = await setTargets(ctx, {
          ...(days === undefined ? {} : { targetDays: readDays(days) }),
          ...(dayType === undefined ? {} : { targetDayType: dayType }),
          ...(closeAfter === undefined ? {} : { reopenWindowDays: readDays(closeAfter) }),
        })
        const { targetDays, targetDayType, reopenWindowDays } = saved
        print(
          `${slug}: ${targetDays === null ? 'no target' : `target ${targetDays} ${targetDayType} days`}, ` +
            `resolved cases ${reopenWindowDays === null ? 'not closed automatically' : `closed after ${reopenWindowDays} working days`}.`,
        )
      }),
    )

  tenant
    .command('set-holidays <slug>')
    .description('replace the council’s exceptions to bank holidays')
    .option('--off <date=name...>', 'extra days off, such as 2026-12-24="Christmas closure"')
    .option('--work <date...>', 'bank holidays on which the council works')
    .action((slug: string, { off = [], work = [] }) =>
      withTenant(slug, async (ctx) => {
        const added = (off as string[]).map((text) => {
          const [date = '', ...name] = text.split('=')
          return { date, name: name.join('=').trim() || 'Day off' }
        })
        const { calendar } = await setCalendar(ctx, { added, removed: work })
        print(
          `${slug}: ${calendar.added.length} extra days off, ${calendar.removed.length} bank holidays worked.`,
        )
      }),
    )
}

/** Makes the store if there never was one. */
async function withNewStore(work: (deps: Deps) => Promise<void>): Promise<void> {
  const config = loadConfig()
  if (!(await hasStore(config))) {
    const lock = await lockStore(config, 'serve')
    try {
      await createStore(config, systemClock)
    } finally {
      await lock.release()
    }
  }
  await withDeps(work, config)
}

/** Text that is not a number becomes NaN, which `setTargets` refuses. */
const readDays = (text: string) => (text === 'none' ? null : Number(text))
