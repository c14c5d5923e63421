/**
 * Figures as they may be published: those below `least` left out. Where only one is left out, or those left out come to so
 * little that they would show from the total, the next smallest is left out too.
 */
export function suppressed(values: readonly number[], least: number): (number | null)[] {
  const hidden = new Set(values.flatMap((value, i) => (value < least ? [i] : [])))
  const rest = values.map((value, i) => ({ value, i })).filter(({ i }) => !hidden.has(i))
  rest.sort((a, b) => a.value - b.value || a.i - b.i)
  const hiddenSum = () => [...hidden].reduce((sum, i) => sum + (values[i] as number), 0)
  while (hidden.size > 0 && rest.length > 0 && (hidden.size === 1 || hiddenSum() < least)) {
    hidden.add((rest.shift() as { i: number }).i)
  }
  return values.map((value, i) => (hidden.has(i) ? null : value))
}

/** One figure as it may be published. */
export const published = (value: number, least: number): number | null => (value < least ? null : value)
