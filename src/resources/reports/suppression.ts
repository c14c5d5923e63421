/**
 * Replaces figures below `least` with null. If only one is hidden, or the hidden ones add up to so little that the
 * total would reveal them, the next smallest is hidden too.
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

export const published = (value: number, least: number): number | null => (value < least ? null : value)
