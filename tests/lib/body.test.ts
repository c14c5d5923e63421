import { describe, expect, test } from 'bun:test'
import { discardRest, readBounded } from '../../src/lib/body'
import { refusalOf } from '../support/store'

const bytes = (text: string) => new TextEncoder().encode(text)

type Source = { stream: ReadableStream<Uint8Array>; state: { pulled: number; isCancelled: boolean } }

function streamOf(chunks: readonly Uint8Array[], isLeftOpen = false): Source {
  const state = { pulled: 0, isCancelled: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const chunk = chunks[state.pulled]
        if (chunk) {
          state.pulled++
          controller.enqueue(chunk)
        } else if (!isLeftOpen) controller.close()
      },
      cancel: () => {
        state.isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, state }
}

describe('readBounded', () => {
  test('refuses one chunk that is larger than the limit', async () => {
    const { stream, state } = streamOf([new Uint8Array(11)])
    const { kind, details } = await refusalOf(() => readBounded(stream, 10, 1_000))
    expect({ kind, details }).toEqual({ kind: 'too_large', details: { maxBytes: 10 } })
    expect(state.isCancelled).toBe(false)
  })

  test('refuses chunks that are too large together and reads no further', async () => {
    const { stream, state } = streamOf(Array.from({ length: 100 }, () => new Uint8Array(4)))
    expect((await refusalOf(() => readBounded(stream, 10, 1_000))).kind).toBe('too_large')
    expect(state.pulled).toBe(3)
    expect([state.isCancelled, stream.locked]).toEqual([false, false])
  })

  test('refuses a body whose end does not come in time, though what came would be a whole text', async () => {
    const { stream, state } = streamOf([bytes('{"subject":"Bins"}')], true)
    expect((await refusalOf(() => readBounded(stream, 100, 20))).kind).toBe('timeout')
    expect(state.isCancelled).toBe(true)
  })

  test('refuses a stream that breaks off, keeping its error for the log alone', async () => {
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('reset')),
    })
    const { kind, message, cause } = await refusalOf(() => readBounded(stream, 10, 1_000))
    expect({ kind, message }).toEqual({ kind: 'bad_request', message: 'The body broke off before its end' })
    expect(cause).toEqual(new Error('reset'))
  })

  test.each([
    ['no chunk', []],
    ['one chunk as large as the limit', ['0123456789']],
    ['chunks as large as the limit together', ['01234', '', '5678', '9']],
    ['less than the limit', ['01', '2']],
  ])('reads %s', async (_, chunks) => {
    const { stream } = streamOf(chunks.map(bytes))
    expect(new TextDecoder().decode(await readBounded(stream, 10, 1_000))).toBe(chunks.join(''))
  })

  test('reads nothing where there is no body', async () => {
    expect(await readBounded(null, 10, 1_000)).toEqual(new Uint8Array(0))
  })
})

describe('discardRest', () => {
  const chunks = Array.from({ length: 100 }, () => new Uint8Array(4))

  test('reads a body to its end, also one that was refused in the middle', async () => {
    const { stream, state } = streamOf(chunks)
    await refusalOf(() => readBounded(stream, 10, 1_000))
    await discardRest(stream, 1_000, 1_000)
    expect(state.pulled).toBe(100)
  })

  test('reads no more than it may, and no longer', async () => {
    const long = streamOf(chunks)
    await discardRest(long.stream, 40, 1_000)
    expect([long.state.pulled, long.state.isCancelled]).toEqual([10, true])
    const open = streamOf([], true)
    await discardRest(open.stream, 40, 20)
    expect(open.state.isCancelled).toBe(true)
  })

  test('leaves alone what is not there, is broken or was read by somebody', async () => {
    await discardRest(null, 40, 1_000)
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('reset')),
    })
    await discardRest(broken, 40, 1_000)
    const { stream } = streamOf(chunks)
    await readBounded(stream, 1_000, 1_000)
    await discardRest(stream, 40, 1_000)
  })
})
