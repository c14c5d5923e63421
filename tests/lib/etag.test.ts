import { expect, test } from 'bun:test'
import { compressedTag, namesTag, strongTag } from '../../src/lib/etag'

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
