import { describe, expect, test } from 'bun:test'
import { chainHash, describeChanges } from '../../src/core/audit/chain'
import type { AuditRow } from '../../src/core/audit/table'

describe('describeChanges', () => {
  test('never holds the value of a field that is not safe', () => {
    const before = { name: 'Ann Old', email: 'old@example.org', phone: null, role: 'admin' }
    const after = { name: 'Ann New', email: 'new@example.org', phone: '07700 900123', role: 'manager' }
    const changes = describeChanges(before, after, ['role'])
    expect(changes).toEqual({
      name: { changed: true },
      email: { changed: true },
      phone: { changed: true },
      role: { from: 'admin', to: 'manager' },
    })
    expect(JSON.stringify(changes)).not.toMatch(/Ann|example\.org|07700/)
  })

  test('holds no value at all where nothing is safe', () => {
    expect(describeChanges(null, { a: 1, b: 'two' }, [])).toEqual({
      a: { changed: true },
      b: { changed: true },
    })
  })

  test.each([
    ['the same text', { a: 'x' }, { a: 'x' }],
    ['an equal list', { a: ['x', 'y'] }, { a: ['x', 'y'] }],
    ['an equal date', { a: new Date(5) }, { a: new Date(5) }],
    ['nothing that stays nothing', {}, { a: null }],
    ['nothing that stays undefined', { a: null }, { a: undefined }],
  ])('passes over %s', (_, before, after) => {
    expect(describeChanges(before, after, ['a'])).toEqual({})
  })

  test.each([
    ['a list in another order', ['x', 'y'], ['y', 'x']],
    ['a number that became a text', 1, '1'],
    ['a value that was cleared', 'x', null],
    ['a value that was given', null, 0],
    ['false that was nothing', null, false],
  ])('tells of %s', (_, from, to) => {
    expect(describeChanges({ a: from }, { a: to }, ['a'])).toEqual({ a: { from, to } })
  })

  test('of a new thing tells every field that has a value', () => {
    expect(describeChanges(null, { a: 'x', b: null }, ['a', 'b'])).toEqual({ a: { from: null, to: 'x' } })
  })
})

describe('chainHash', () => {
  const key = new Uint8Array(32).fill(7)
  const entry: Omit<AuditRow, 'hash'> = {
    tenantId: 't1',
    seq: 3,
    id: 'e1',
    at: new Date('2026-03-13T09:30:00.000Z'),
    actorType: 'key',
    actorId: 'k1',
    actorName: 'website',
    actorIp: '192.0.2.7',
    requestId: 'r1',
    action: 'case.update',
    entity: 'case',
    entityId: 'c1',
    changes: { status: { from: 'new', to: 'open' } },
  }
  const hash = chainHash(key, 'previous', entry)

  const altered: Partial<typeof entry>[] = [
    { tenantId: 't2' },
    { seq: 4 },
    { id: 'e2' },
    { at: new Date('2026-03-13T09:30:00.001Z') },
    { actorType: 'cli' },
    { actorId: 'k2' },
    { actorName: 'Website' },
    { actorIp: null },
    { requestId: 'r2' },
    { action: 'case.create' },
    { entity: 'user' },
    { entityId: 'c2' },
    { changes: { status: { from: 'new', to: 'closed' } } },
  ]

  test('differs when any one field differs', () => {
    expect(altered.flatMap(Object.keys).sort()).toEqual(Object.keys(entry).sort())
    const hashes = altered.map((change) => chainHash(key, 'previous', { ...entry, ...change }))
    expect(new Set([hash, ...hashes]).size).toBe(altered.length + 1)
  })

  test('differs under another key and after another entry', () => {
    expect(chainHash(new Uint8Array(32).fill(8), 'previous', entry)).not.toBe(hash)
    expect(chainHash(key, 'another', entry)).not.toBe(hash)
  })

  test('cannot be kept by moving text from one field to the next', () => {
    const moved = { ...entry, actorId: 'k1website', actorName: '' }
    expect(chainHash(key, 'previous', moved)).not.toBe(hash)
  })

  test('is a SHA-256 in hexadecimal that repeats', () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(chainHash(key, 'previous', structuredClone(entry))).toBe(hash)
  })
})
