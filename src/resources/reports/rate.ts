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
