import { expect, test } from 'bun:test'
import { compressedTag, namesTag, strongTag } from '../../src/lib/etag'
import { growthOf } from '../support/cost'

test('every tag is known in the forms that proxies give it, and no tag is taken for another', () => {
  const tags = Array.from({ length: 2_000 }, (_, i) => strongTag(String(i)))
  for (const [i, tag] of tags.entries()) {
    for (const mark of ['', '-gzip', '--gzip', ';gzip', '-br', '-zstd']) {
      const given = tag.replace(/"$/, `${mark}"`)
      expect([given, namesTag(given, tag), namesTag(`W/${given}`, tag)]).toEqual([given, true, true])
    }
    expect(namesTag(compressedTag(tag), tag)).toBe(true)
    expect(namesTag(tag, tags[i + 1] ?? '""')).toBe(false)
  }
})

test('a header of one long tag takes no longer than its length', async () => {
  const ask = (size: number) => namesTag(`"${'-gz'.repeat(size)}x"`, strongTag('a'))
  expect(ask(1_000)).toBe(false)
  expect(await growthOf(ask, 5_000)).toBeLessThan(8)
})
