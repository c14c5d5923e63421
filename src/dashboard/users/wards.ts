import type { Ctx } from '../../core/ctx'
import { inNameOrder } from '../../lib/name-keys'
import { listAllWards } from '../../resources/wards/store'
import type { Option } from '../form/fields'
import { wardOptions } from '../options'

/** The wards to tick: chosen ones first, even if no longer in use, then all others in use. */
export async function wardsToTick(ctx: Ctx, chosen: readonly string[]): Promise<Option[]> {
  const isChosen = ({ value }: Option) => chosen.includes(value)
  const [all, inUse] = [await wardOptions(ctx, 'all'), await wardOptions(ctx)]
  return [...all.filter(isChosen), ...inUse.filter((option) => !isChosen(option))]
}

/** Turns ids of wards into sorted names; an unknown id stays as it is. */
export async function wardNamer(
  ctx: Ctx,
  ids: readonly string[],
): Promise<(ids: readonly string[]) => string[]> {
  const wards = ids.length === 0 ? [] : await listAllWards(ctx)
  const names = new Map(wards.map(({ id, name }) => [id, name]))
  return (some) =>
    inNameOrder(
      some.map((id) => names.get(id) ?? id),
      (name) => name,
    )
}
