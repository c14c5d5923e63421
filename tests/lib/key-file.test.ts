import { describe, expect, test } from 'bun:test'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { addKey, exposureOf, isKey, makeKeyFile, readKeyFile } from '../../src/lib/key-file'
import { secureRandom, seededRandom } from '../../src/lib/random'
import { refusalOf, temporaryDirectories } from '../support/store'

const newDirectory = temporaryDirectories()
const newPath = () => join(newDirectory(), 'secret.key')

const keyOf = (seed: string) => Buffer.from(seededRandom(seed)(32)).toString('base64')
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('a text is no key', () => {
  test.each([
    [''],
    ['secret'],
    [Buffer.alloc(31).toString('base64')],
    [Buffer.alloc(33).toString('base64')],
    [Buffer.alloc(64).toString('base64')],
    [Buffer.alloc(32).toString('hex')],
    [`${keyOf('a')}=`],
    [` ${keyOf('a')}`],
    [`${keyOf('a')}\n`],
    [keyOf('a').replace(/^./, '-')],
    [keyOf('a').replace(/^./, 'é')],
    [keyOf('a').slice(0, -1)],
  ])('%j', (text) => {
    expect(isKey(text)).toBe(false)
  })

  test('but 32 bytes in base64 are', () => {
    for (const seed of ['a', 'b', 'c']) expect(isKey(keyOf(seed))).toBe(true)
  })
})

describe('a key file is refused', () => {
  test.each([
    ['that is empty', ''],
    ['of blank lines', '\n\n'],
    ['of another form', 'not a key'],
    ['with a key too short', Buffer.alloc(16).toString('base64')],
    ['with a bad key after a good one', `${keyOf('a')}\nbad`],
    ['with a good key after a bad one', `bad\n${keyOf('a')}`],
    ['with a name before the key', `key=${keyOf('a')}`],
    ['with a remark', `# ours\n${keyOf('a')}`],
  ])('%s, by its path and without what it holds', async (_, content) => {
    const path = newPath()
    writeFileSync(path, content)
    const { kind, message, details } = await refusalOf(() => readKeyFile(path))
    expect(kind).toBe('unavailable')
    expect(message).toContain(path)
    expect(`${message} ${JSON.stringify(details)}`).not.toContain(keyOf('a'))
    expect(readFileSync(path, 'utf8')).toBe(content)
  })

  test('that is a directory, or is not there', async () => {
    const directory = newDirectory()
    expect(await refusalOf(() => readKeyFile(directory))).toMatchObject({
      kind: 'unavailable',
      message: `The key file ${directory} cannot be read`,
    })
    const { message } = await refusalOf(() => readKeyFile(join(directory, 'secret.key')))
    expect(message).toContain('secret.key is missing')
    expect(readdirSync(directory)).toEqual([])
  })

  test('to be added to where there is none, and none is made', () => {
    const path = newPath()
    expect(() => addKey(path, secureRandom)).toThrow()
    expect(readdirSync(dirname(path))).toEqual([])
  })
})

describe('a key file', () => {
  test('that is not there is made, for its owner alone, with its directory, and then stays', () => {
    const path = join(newDirectory(), 'deep', 'er', 'secret.key')
    makeKeyFile(path, seededRandom('a'))
    expect(readKeyFile(path)).toEqual([keyOf('a')])
    expect(readFileSync(path, 'utf8')).toBe(`${keyOf('a')}\n`)
    expect([modeOf(path), modeOf(dirname(path))]).toEqual(['600', '700'])
    expect(readdirSync(dirname(path))).toEqual(['secret.key'])
    makeKeyFile(path, seededRandom('b'))
    expect(readKeyFile(path)).toEqual([keyOf('a')])
  })

  test('made twice at once holds one whole key, which both read', () => {
    const path = newPath()
    makeKeyFile(path, (length) => {
      // While this start makes its key, another has made the file.
      writeFileSync(path, `${keyOf('other')}\n`)
      return seededRandom('mine')(length)
    })
    expect(readKeyFile(path)).toEqual([keyOf('other')])
    expect(readdirSync(dirname(path))).toEqual(['secret.key'])
  })

  test('may have several keys, blank space around them and Windows line ends', () => {
    const path = newPath()
    writeFileSync(path, `\r\n${keyOf('a')}\r\n\r\n  ${keyOf('b')}  \r\n`)
    expect(readKeyFile(path)).toEqual([keyOf('a'), keyOf('b')])
  })
})

test('a key file is told to be exposed where everybody may read it, and not where a group may', () => {
  const path = newPath()
  for (const [mode, told] of [
    [0o644, 'mode 644'],
    [0o604, 'chmod 600'],
  ] as const) {
    writeFileSync(path, keyOf('a'))
    chmodSync(path, mode)
    expect(exposureOf(path)).toContain(told)
  }
  for (const mode of [0o600, 0o400, 0o640]) {
    chmodSync(path, mode)
    expect(exposureOf(path)).toBeNull()
  }
})

describe('a key that is added', () => {
  test('stands before the others, which stay', () => {
    const path = newPath()
    makeKeyFile(path, seededRandom('a'))
    addKey(path, seededRandom('b'))
    expect(readKeyFile(path)).toEqual([keyOf('b'), keyOf('a')])
    addKey(path, seededRandom('c'))
    expect(readKeyFile(path)).toEqual([keyOf('c'), keyOf('b'), keyOf('a')])
  })

  test('leaves a file for its owner alone and nothing beside it', () => {
    const path = newPath()
    writeFileSync(path, keyOf('a'), { mode: 0o644 })
    addKey(path, secureRandom)
    expect(modeOf(path)).toBe('600')
    expect(readdirSync(dirname(path))).toEqual(['secret.key'])
    expect(readKeyFile(path)[1]).toBe(keyOf('a'))
  })

  test('leaves the file whole where there is no randomness to be had', () => {
    const path = newPath()
    makeKeyFile(path, seededRandom('a'))
    const dry = () => {
      throw new Error('no randomness')
    }
    expect(() => addKey(path, dry)).toThrow('no randomness')
    expect(readKeyFile(path)).toEqual([keyOf('a')])
    expect(existsSync(`${path}.${process.pid}`)).toBe(false)
  })
})
