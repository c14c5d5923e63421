import type { FormValues } from './fields'

/**
 * The fields of a form that hold something else than is so now. What stays is not sent: it may be what could not be chosen
 * any more, and of an instant a form shows only the day.
 */
export const changedNames = (shown: FormValues, sent: Record<string, readonly string[]>): string[] =>
  Object.keys(sent).filter((name) => {
    const now = shown[name] ?? ''
    return (typeof now === 'string' ? now : now.join('\n')) !== (sent[name] as readonly string[]).join('\n')
  })

/** The value of each field, nested by the dots in their names. */
export function nested(names: readonly string[], read: (name: string) => unknown): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const name of names) {
    const [outer = name, inner] = name.split('.')
    if (inner === undefined) input[outer] = read(name)
    else input[outer] = { ...(input[outer] as object | undefined), [inner]: read(name) }
  }
  return input
}
