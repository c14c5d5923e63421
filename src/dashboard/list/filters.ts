import type { Field, Option } from '../form/fields'

/** A filter that nothing has to be chosen of. */
export const choice = (name: string, label: string, all: string, options: readonly Option[]): Field => ({
  name,
  label,
  kind: 'select',
  options: [{ value: '', text: all }, ...options],
})

/** A filter by whether something is in use; `name` is that of the field which says so. */
export const inUseFilter = (name: string): Field =>
  choice(name, 'In use', 'In use or not', [
    { value: 'true', text: 'In use' },
    { value: 'false', text: 'Not in use' },
  ])
