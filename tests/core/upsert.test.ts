import { describe, expect, test } from 'bun:test'
import { countsOf, planUpserts } from '../../src/core/upsert'

type Row = { id: string; code: string; name: string; note: string | null }
type Input = { code: string; name?: string; note?: string | null; wards?: string[] }

const rows: Row[] = [
  { id: '1', code: 'a', name: 'Abbey', note: null },
  { id: '2', code: 'b', name: 'Castle', note: 'old' },
]
const plan = (...inputs: Input[]) =>
  planUpserts<Row, Input>(inputs, ({ code }) => rows.find((row) => row.code === code), ['wards'])

describe('planUpserts', () => {
  test('makes nothing of nothing', () => {
    expect(countsOf(plan())).toEqual({ created: 0, updated: 0, unchanged: 0 })
  })

  test('leaves alone what is the same, what is not said and what is kept elsewhere', () => {
    const { unchanged, update } = plan(
      { code: 'a', name: 'Abbey', note: undefined, wards: ['x'] },
      { code: 'b' },
    )
    expect(unchanged.map(({ row }) => row.id)).toEqual(['1', '2'])
    expect(update).toEqual([])
  })

  test('changes only what differs, and clears what is null', () => {
    const { update } = plan(
      { code: 'a', name: 'Abbey Park', note: null },
      { code: 'b', name: 'Castle', note: null },
    )
    expect(update.map(({ row, changed }) => [row.id, changed])).toEqual([
      ['1', { name: 'Abbey Park' }],
      ['2', { note: null }],
    ])
  })

  test('makes what is not there and counts all three', () => {
    const planned = plan({ code: 'c', name: 'New' }, { code: 'a' }, { code: 'b', name: 'Keep' })
    expect(planned.create).toEqual([{ code: 'c', name: 'New' }])
    expect(countsOf(planned)).toEqual({ created: 1, updated: 1, unchanged: 1 })
  })
})
