import { describe, expect, test } from 'bun:test'
import { createLog, type LogFormat, type LogLevel, logLevels } from '../../src/lib/log'

function collect(level: LogLevel, format: LogFormat = 'json') {
  const lines: string[] = []
  const now = () => new Date('2026-03-13T09:30:00.125Z')
  return { lines, log: createLog({ level, format, now, write: (line) => void lines.push(line) }) }
}

describe('levels', () => {
  test.each<[LogLevel, LogLevel[]]>([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ])('%s drops all that is less', (level, kept) => {
    const { log, lines } = collect(level)
    for (const each of logLevels) log[each]('said')
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(kept)
  })
})

describe('as JSON', () => {
  test('is one line an entry, whatever is in it', () => {
    const { log, lines } = collect('info')
    log.info('two\nlines', { subject: 'a\r\nb', count: 3, list: [1], missing: undefined })
    expect(lines).toEqual([
      '{"time":"2026-03-13T09:30:00.125Z","level":"info","message":"two\\nlines","subject":"a\\r\\nb","count":3,"list":[1]}\n',
    ])
  })

  test('tells an error with its stack and every cause', () => {
    const { log, lines } = collect('info')
    const root = new TypeError('disk on fire')
    log.error('failed', { error: new Error('outer', { cause: new Error('middle', { cause: root }) }) })
    const { error } = JSON.parse(lines.join(''))
    expect(error).toContain('Error: outer')
    expect(error).toContain('log.test.ts')
    expect(error).toMatch(/outer[\s\S]*caused by [\s\S]*middle[\s\S]*caused by [\s\S]*disk on fire/)
    expect(lines).toHaveLength(1)
  })

  test('tells a cause that is no error', () => {
    const { log, lines } = collect('info')
    log.error('failed', { error: new Error('outer', { cause: 'just a text' }) })
    expect(JSON.parse(lines.join('')).error).toEndWith('\ncaused by just a text')
  })
})

describe('pretty', () => {
  test('is for people: time, level, message and fields', () => {
    const { log, lines } = collect('debug', 'pretty')
    log.warn('slow request', { path: '/api/cases', ms: 1200, scopes: ['cases:read'], key: undefined })
    expect(lines).toEqual(['09:30:00.125 WARN  slow request path=/api/cases ms=1200 scopes=["cases:read"]\n'])
  })

  test('tells an error with its cause', () => {
    const { log, lines } = collect('debug', 'pretty')
    log.error('failed', { error: new Error('outer', { cause: new Error('inner') }) })
    expect(lines.join('')).toMatch(
      /^09:30:00\.125 ERROR failed error=Error: outer[\s\S]*caused by Error: inner/,
    )
  })
})
