import { type Command, Option } from 'commander'
import type { Ctx } from '../core/ctx'
import { resetPassword } from '../core/passwords/change.service'
import { roles } from '../core/scopes'
import { removeSecondFactor } from '../core/second-factor/service'
import { createUser } from '../core/users/service'
import { getUserByEmail, listUsers } from '../core/users/store'
import { badRequest } from '../lib/errors'
import { newTypedCode } from '../lib/typed-code'
import { listAllWards } from '../resources/wards/store'
import { emailAddress, listed, text } from './options'
import { print, printJson, printTable, withTenant } from './support'

async function wardIdsOf(ctx: Ctx, codes: readonly string[]): Promise<string[]> {
  if (codes.length === 0) return []
  const byCode = new Map((await listAllWards(ctx)).map(({ gssCode, id }) => [gssCode, id]))
  return codes.map((code) => {
    const id = byCode.get(code.toUpperCase())
    if (!id) throw badRequest(`There is no ward with the GSS code "${code}"`)
    return id
  })
}

const readPassword = async () => (await Bun.stdin.text()).replace(/\r?\n$/, '')

export function addUserCommand(program: Command): void {
  const user = program
    .command('user')
    .description('create and list the people who sign in to the dashboard; help those who cannot')

  user
    .command('create')
    .description('create a user; prints a one-time password unless one is given')
    .requiredOption('--tenant <short-name>', 'the council')
    .requiredOption('--email <email>', 'address to sign in with', emailAddress)
    .requiredOption('--name <name>', 'full name', text)
    .addOption(new Option('--role <role>', 'what they may do').choices(roles).makeOptionMandatory())
    .option('--ward <gss-code...>', 'wards that a councillor represents', listed)
    .option('--password-stdin', 'read the password from standard input')
    .option('--json', 'print JSON')
    .action(({ tenant, email, name, role, ward = [], passwordStdin, json }) =>
      withTenant(tenant, async (ctx, deps) => {
        const wardIds = await wardIdsOf(ctx, ward)
        const oneTime = passwordStdin ? null : newTypedCode(deps.random)
        const password = oneTime ?? (await readPassword())
        const input = { email, name, role, wardIds, password, mustChangePassword: oneTime !== null }
        const created = await createUser(ctx, input)
        if (json) printJson({ id: created.id, email: created.email, role, oneTimePassword: oneTime })
        else {
          print(`Created ${created.email} (${role}).`)
          if (oneTime) print(`One-time password, shown only once: ${oneTime}`)
        }
      }),
    )

  user
    .command('list')
    .description('list a council’s users')
    .requiredOption('--tenant <short-name>', 'the council')
    .option('--json', 'print JSON')
    .action(({ tenant, json }) =>
      withTenant(tenant, async (ctx) => {
        const rows = (await listUsers(ctx)).map(({ id, email, name, role, active }) => ({
          id,
          email,
          name,
          role,
          active,
        }))
        if (json) printJson(rows)
        else
          printTable(
            ['EMAIL', 'NAME', 'ROLE'],
            rows.map(({ email, name, role }) => [email, name, role]),
          )
      }),
    )

  user
    .command('reset-password')
    .description('give a user a one-time password')
    .requiredOption('--tenant <short-name>', 'the council')
    .requiredOption('--email <email>', 'whose', emailAddress)
    .action(({ tenant, email }) =>
      withTenant(tenant, async (ctx, deps) => {
        print(`One-time password, shown only once: ${await resetPassword(ctx, email, deps.random)}`)
      }),
    )

  user
    .command('remove-second-factor')
    .description(
      'let a user who has lost their phone sign in without a code, until they set up a new second factor',
    )
    .requiredOption('--tenant <short-name>', 'the council')
    .requiredOption('--email <email>', 'whose', emailAddress)
    .action(({ tenant, email }) =>
      withTenant(tenant, async (ctx) => {
        const person = await getUserByEmail(ctx, email)
        await removeSecondFactor(ctx, person.id)
        print(`${person.email} can now sign in without a second factor.`)
      }),
    )
}
