import { type Command, Option } from 'commander'
import { plans } from '../core/scopes'
import { createTenant, setCorsOrigins, setPlan } from '../core/tenants/service'
import { listTenants } from '../core/tenants/store'
import { nations } from '../lib/bank-holidays'
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
}
