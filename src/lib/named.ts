type Names = readonly (string | null)[]

/**
 * Finds things by what people call them, in any case; names of an earlier level take precedence. Says why to `fault` for a name
 * that nothing or several things have.
 */
export function finder<T>(what: string, things: readonly T[], levelsOf: (thing: T) => readonly Names[]) {
  const levels: Map<string, T | 'several'>[] = []
  for (const thing of things) {
    for (const [level, names] of levelsOf(thing).entries()) {
      levels[level] ??= new Map()
      const keys = new Set(names.flatMap((name) => name?.toLowerCase() ?? []))
      for (const key of keys) levels[level].set(key, levels[level].has(key) ? 'several' : thing)
    }
  }
  return (text: string, fault: (reason: string) => void): T | undefined => {
    const found = levels.map((level) => level.get(text.toLowerCase())).find((thing) => thing !== undefined)
    if (found === undefined) fault(`There is no ${what} "${text.slice(0, 50)}"`)
    if (found === 'several') fault(`"${text.slice(0, 50)}" is the name of more than one ${what}`)
    return found === 'several' ? undefined : found
  }
}
