type Names = readonly (string | null)[]

/**
 * Finds things by what people call them, in any case; names of an earlier level take precedence, and any name in its own
 * letters over the same one `loosely`. Says why to `fault` for a name that nothing or several things have.
 */
export function finder<T>(
  what: string,
  things: readonly T[],
  levelsOf: (thing: T) => readonly Names[],
  loosely?: (name: string) => string,
) {
  const forms = [(name: string) => name.toLowerCase(), ...(loosely ? [loosely] : [])]
  const levels = forms.flatMap((form) => namedBy(form, things, levelsOf).map((found) => ({ form, found })))
  return (text: string, fault: (reason: string) => void): T | undefined => {
    const typed = text.trim()
    const found = levels.map(({ form, found }) => found.get(form(typed))).find((thing) => thing !== undefined)
    if (found === undefined) fault(`There is no ${what} "${text.slice(0, 50)}"`)
    if (found === 'several') fault(`"${text.slice(0, 50)}" is the name of more than one ${what}`)
    return found === 'several' ? undefined : found
  }
}

function namedBy<T>(
  form: (name: string) => string,
  things: readonly T[],
  levelsOf: (thing: T) => readonly Names[],
): Map<string, T | 'several'>[] {
  const levels: Map<string, T | 'several'>[] = []
  for (const thing of things) {
    for (const [level, names] of levelsOf(thing).entries()) {
      levels[level] ??= new Map()
      const keys = new Set(names.flatMap((name) => (name === null ? [] : form(name))))
      for (const key of keys) levels[level].set(key, levels[level].has(key) ? 'several' : thing)
    }
  }
  return levels
}
