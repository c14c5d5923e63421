import type { Ctx } from '../../core/ctx'
import { listAllWards } from '../../resources/wards/store'
import type { WardRow } from '../../resources/wards/table'
import type { Option } from '../form/fields'

const byName = (a: WardRow, b: WardRow) =>
  a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1

/** The wards to choose from: those that are chosen first, then all others in use, by name. */
export async function wardOptions(ctx: Ctx, chosen: readonly string[]): Promise<Option[]> {
  const wards = (await listAllWards(ctx)).sort(byName)
  const isChosen = ({ id }: WardRow) => chosen.includes(id)
  const offered = [...wards.filter(isChosen), ...wards.filter((ward) => ward.enabled && !isChosen(ward))]
  const names = Map.groupBy(offered, ({ name }) => name)
  return offered.map(({ id, name, gssCode, slug }) => {
    const isAlone = names.get(name)?.length === 1
    return { value: id, text: isAlone ? name : `${name} (${gssCode ?? slug})` }
  })
}

/** The names of wards, by their ids. */
export async function wardNames(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  return new Map((await listAllWards(ctx)).map(({ id, name }) => [id, name]))
}
