import { type Static, Type } from '@sinclair/typebox'
import { Nullable, Strict } from '../../core/schema'

export const RateView = Strict(
  {
    numerator: Type.Integer(),
    denominator: Type.Integer(),
    value: Nullable(Type.Number({ description: 'null where the denominator is 0' })),
  },
  { title: 'Rate', description: 'A share with both its numbers, so that small ones show' },
)
export type Rate = Static<typeof RateView>

const precision = 10_000

/** Four decimals; null if the denominator is 0. */
export const rate = (numerator: number, denominator: number): Rate => ({
  numerator,
  denominator,
  value: denominator === 0 ? null : Math.round((numerator / denominator) * precision) / precision,
})

/** Gini coefficient: 0 if all have the same, close to 1 if one has everything; null without values. */
export function gini(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const sum = sorted.reduce((total, value) => total + value, 0)
  if (sum === 0) return null
  const n = sorted.length
  const weighed = sorted.reduce((total, value, i) => total + (2 * (i + 1) - n - 1) * value, 0)
  return Math.round((weighed / (n * sum)) * precision) / precision
}

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
