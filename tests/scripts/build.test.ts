import { describe, expect, test } from 'bun:test'
import { platformOf, platformOfHeader } from '../../scripts/build'

/** A header with words at these offsets. */
function header(words: [offset: number, value: number][]): DataView {
  const view = new DataView(new ArrayBuffer(256))
  for (const [offset, value] of words) view.setUint32(offset, value, true)
  return view
}

describe('the platform of an executable', () => {
  test.each([
    [
      'linux-x64',
      header([
        [0, 0x464c457f],
        [18, 0x3e],
      ]),
    ],
    [
      'linux-arm64',
      header([
        [0, 0x464c457f],
        [18, 0xb7],
      ]),
    ],
    [
      'darwin-arm64',
      header([
        [0, 0xfeedfacf],
        [4, 0x0100000c],
      ]),
    ],
    [
      'windows-x64',
      header([
        [0, 0x5a4d],
        [0x3c, 128],
        [128, 0x4550],
        [132, 0x8664],
      ]),
    ],
    [
      null,
      header([
        [0, 0xfeedfacf],
        [4, 0x01000007],
      ]),
    ],
    [
      null,
      header([
        [0, 0x5a4d],
        [0x3c, 4000],
      ]),
    ],
    [null, new DataView(new ArrayBuffer(0))],
  ] as const)('%s', (platform, bytes) => {
    expect(platformOfHeader(bytes)).toBe(platform)
  })

  test.if(process.platform === 'linux')('is read from a file: Bun itself is for this machine', async () => {
    expect<string | null>(await platformOf(process.execPath)).toBe(`linux-${process.arch}`)
  })
})
