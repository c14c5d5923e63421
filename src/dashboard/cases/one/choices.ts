import type { Option } from '../../form/fields'

/** The options with what is chosen now among them, even where it is no more to be chosen. */
export function withChosen(
  options: readonly Option[],
  chosen: { id: string; name: string } | null,
): readonly Option[] {
  if (chosen === null || options.some(({ value }) => value === chosen.id)) return options
  return [{ value: chosen.id, text: `${chosen.name} (as it is now)` }, ...options]
}
