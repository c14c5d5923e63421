import type { Ctx } from '../core/ctx'
import type { Role } from '../core/scopes'
import { inNameOrder } from '../lib/name-keys'
import type { Slice } from '../lib/page'
import { listCategories } from '../resources/categories/store'
import { maySeeContact } from '../resources/users/model'
import { today } from '../resources/users/service'
import { listUsers } from '../resources/users/store'
import { isInUse } from '../resources/wards/model'
import { listWards } from '../resources/wards/store'
import type { Option } from './form/fields'

/** A form offers only what is in use. A filter offers everything; what is not in use is marked and comes last. */
export type Which = 'in use' | 'all'

type Choice = { id: string; name: string; isInUse: boolean; distinction: string | null }

/** More than any council has, so that the list is never cut. */
const everything: Slice = { kind: 'cursor', pageSize: 10_000, after: null }

/** By name; those that share theirs with another are told apart by `distinction`. */
export function optionsOf(choices: readonly Choice[], which: Which, unused: string): Option[] {
  const called = Map.groupBy(choices, ({ name }) => name)
  const textOf = ({ name, distinction, isInUse }: Choice) => {
    const isOneOfSeveral = distinction !== null && (called.get(name) ?? []).length > 1
    return `${name}${isOneOfSeveral ? ` (${distinction})` : ''}${isInUse ? '' : `, ${unused}`}`
  }
  const offered = choices
    .filter(({ isInUse }) => isInUse || which === 'all')
    .map((choice) => ({ value: choice.id, text: textOf(choice), isInUse: choice.isInUse }))
  return inNameOrder(offered, ({ text }) => text)
    .sort((a, b) => Number(b.isInUse) - Number(a.isInUse))
    .map(({ value, text }) => ({ value, text }))
}

export async function wardOptions(ctx: Ctx, which: Which = 'in use'): Promise<Option[]> {
  const { rows } = await listWards(ctx, {}, everything)
  const choices = rows.map(
    (ward): Choice => ({
      id: ward.id,
      name: ward.name,
      isInUse: isInUse(ward, today(ctx)),
      distinction: ward.gssCode ?? ward.tier,
    }),
  )
  return optionsOf(choices, which, 'not in use')
}

export async function categoryOptions(ctx: Ctx, which: Which = 'in use'): Promise<Option[]> {
  const { rows } = await listCategories(ctx, {}, everything)
  const choices = rows.map(
    ({ id, name, active, group, slug }): Choice => ({
      id,
      name,
      isInUse: active,
      distinction: group ?? slug,
    }),
  )
  return optionsOf(choices, which, 'not in use')
}

async function userOptions(ctx: Ctx, which: Which, role?: Role): Promise<Option[]> {
  const { rows } = await listUsers(ctx, role ? { role } : {}, today(ctx), everything)
  const choices = rows.map(
    (user): Choice => ({
      id: user.id,
      name: role ? user.name : `${user.name}, ${user.role}`,
      isInUse: user.active,
      distinction: maySeeContact(ctx, user) ? user.email : user.party,
    }),
  )
  return optionsOf(choices, which, 'no longer active')
}

/** `Ada Green, caseworker`. */
export const assigneeOptions = (ctx: Ctx, which: Which = 'in use'): Promise<Option[]> =>
  userOptions(ctx, which)

export const councillorOptions = (ctx: Ctx, which: Which = 'in use'): Promise<Option[]> =>
  userOptions(ctx, which, 'councillor')

/** The options with the present choice among them, even if it is no longer offered: saving the form must not drop it. */
export function withChosen(
  options: readonly Option[],
  chosen: { id: string; name: string } | null,
): readonly Option[] {
  if (chosen === null || options.some(({ value }) => value === chosen.id)) return options
  return [{ value: chosen.id, text: `${chosen.name} (current)` }, ...options]
}
