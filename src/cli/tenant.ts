import { Argument, type Command, Option } from 'commander'
import { loadConfig } from '../config'
import type { Deps } from '../core/ctx'
import { type Plan, plans } from '../core/scopes'
import { createTenant, maxTargetDays, setCorsOrigins, setPlan, setTargets } from '../core/tenants/service'
import { listTenants } from '../core/tenants/store'
import { counted } from '../dashboard/words'
import { createStore, hasStore, lockStore } from '../db/open'
import { nations } from '../lib/bank-holidays'
import { systemClock } from '../lib/clock'
import { dayTypes } from '../lib/workdays'
import { addSetHolidays } from './holidays'
import { shortName, text, webOrigin, wholeNumberOrNone } from './options'
import { consoleActor, print, printJson, printTable, withDeps, withTenant } from './support'

export function addTenantCommand(program: Command): void {
  const tenant = program
    .command('tenant')
    .description('create and list councils; set their plan, web origins, targets and holidays')

  tenant
    .command('create')
    .description('create a council')
    .requiredOption(
      '--slug <short-name>',
      'its short name in web addresses and commands, such as bristol',
      shortName,
    )
    .requiredOption('--name <name>', 'its full name, such as "Bristol City Council"', text)
    .addOption(new Option('--plan <plan>', 'what its API keys may do').choices(plans).default('council'))
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
            ['SHORT NAME', 'NAME', 'PLAN'],
            rows.map(({ slug, name, plan }) => [slug, name, plan]),
          )
      }),
    )

  tenant
    .command('set-plan')
    .description('move a council to another plan')
    .argument('<short-name>', 'the council')
    .addArgument(new Argument('<plan>', 'its plan').choices(plans))
    .action((slug: string, plan: Plan) =>
      withTenant(slug, async (ctx) => print(`${slug} is on the ${(await setPlan(ctx, plan)).plan} plan.`)),
    )

  tenant
    .command('set-origins')
    .description('set the web origins that may use the API from a browser, or show them if none is given')
    .argument('<short-name>', 'the council')
    .argument('[origin...]', 'such as https://www.example.gov.uk', origins)
    .option('--none', 'allow no origin')
    .action((slug: string, origins: string[] = [], { none }, command: Command) => {
      if (none && origins.length > 0) command.error('error: give either origins or --none')
      return withTenant(slug, async (ctx) => {
        const isAsked = none || origins.length > 0
        const { corsOrigins } = isAsked ? await setCorsOrigins(ctx, origins) : ctx.tenant
        print(`${slug} allows ${corsOrigins.length === 0 ? 'no web origin' : corsOrigins.join(', ')}.`)
      })
    })

  tenant
    .command('set-targets')
    .argument('<short-name>', 'the council')
    .description(
      'set targets for cases whose category has none, and when resolved cases are closed; without options, show them',
    )
    .option('--days <days>', 'days to resolve a case in, or none', days)
    .addOption(new Option('--day-type <type>', 'the kind of days').choices(dayTypes))
    .option('--close-after <days>', 'working days after which a resolved case is closed, or none', days)
    .action((slug: string, { days, dayType, closeAfter }) =>
      withTenant(slug, async (ctx) => {
        const saved = await setTargets(ctx, {
          ...(days === undefined ? {} : { targetDays: daysIn(days) }),
          ...(dayType === undefined ? {} : { targetDayType: dayType }),
          ...(closeAfter === undefined ? {} : { reopenWindowDays: daysIn(closeAfter) }),
        })
        const { targetDays, targetDayType, reopenWindowDays } = saved
        print(
          `${slug}: ${targetDays === null ? 'no target' : `target ${counted(targetDays, `${targetDayType} day`)}`}, ` +
            `resolved cases ${reopenWindowDays === null ? 'not closed automatically' : `closed after ${counted(reopenWindowDays, 'working day')}`}.`,
        )
      }),
    )

  addSetHolidays(tenant)
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

const days = wholeNumberOrNone(1, maxTargetDays)

const daysIn = (given: number | 'none') => (given === 'none' ? null : given)

const origins = (given: string, before: readonly string[] = []): string[] => [...before, webOrigin(given)]
