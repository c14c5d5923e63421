import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { passwordFault } from '../../src/core/passwords/rules'
import { createPasswordHasher } from '../../src/lib/password-hash'
import { processorMs } from '../support/cost'

// A hash takes some tenths of a second, and several times that beside much other work.
setDefaultTimeout(20_000)

const hasher = createPasswordHasher()
const owner = { email: 'ann.sample@example.org', name: 'Ann Sample', council: 'Avon Council' }
const faultOf = (password: string) => passwordFault(password, owner)

describe('a password is refused', () => {
  test.each([
    [''],
    ['only eleven'],
    ['é'.repeat(11)],
    ['😀'.repeat(11)],
    ['a fine one '.repeat(18).padEnd(201, 'x')],
  ])('for its length: %p', async (password) => {
    expect(await faultOf(password)).toStartWith('Must have 12 to 200 characters')
  })

  test.each([
    ['aaaaaaaaaaaa'],
    ['AAAAAAaaaaaa'],
    ['            '],
    ['😀'.repeat(12)],
    ['aaaaaabbbbbb'],
    ['abcabcabcabc'],
    ['letmeinletmein'],
    ['PasswordPassword1'],
    ['my dog my dog my dog'],
    ['123456789012'],
    ['0987 6543 2109'],
    ['abcdefghijkl'],
    ['zyxwvutsrqponm'],
    ['qwertyuiopasdfghjkl'],
    ['Q-W-E-R-T-Y-U-I-O-P'],
  ])('for repeating itself or following a row: %p', async (password) => {
    expect(await faultOf(password)).toBe('Must not repeat itself, or follow the alphabet or the keyboard')
  })

  test.each([
    ['ann.sample@example.org'],
    ['ANN.SAMPLE@EXAMPLE.ORG'],
    ['ann-sample@example.org 1'],
    ['Ann.Sample!!'],
    ['annsample2026'],
    ['2026 ann sample'],
    ['Avon Council'],
    ['avoncouncil1!'],
    // Written wide, as some keyboards do.
    ['Ａｖｏｎ　Ｃｏｕｎｃｉｌ'],
  ])('for being what everybody knows of its owner: %p', async (password) => {
    expect(await faultOf(password)).toBe('Must not be your name, your e-mail address or your council’s name')
  })

  test.each([
    ['1qaz2wsx3edc'],
    ['Administrator'],
    ['administrator1!'],
    ['password1234'],
    ['Password2026!'],
    ['123password!'],
    ['--- dragon 2026 ---'],
    ['q1w2e3r4t5y6'],
  ])('for being many people’s: %p', async (password) => {
    expect(await faultOf(password)).toBe('Must not be a common password, with or without digits around it')
  })

  test('by no other mixture than its length: lower case alone is as good as any', async () => {
    for (const password of [
      'seven yellow bicycles',
      'sevenyellowbicycles',
      'correct horse battery staple',
      'ann sample likes to swim',
      'y ddraig goch ddyry cychwyn',
      'ὦ ξεῖν᾿, ἀγγέλλειν',
      '4839201756385',
      '!@#$%^&*()_+',
      '😀🐎🔋📎🌊🚲🟡🌳🏠🎻🥕🧊',
      'x7 '.padEnd(200, 'correct horse battery staple, '),
    ]) {
      expect([password, await faultOf(password)]).toEqual([password, null])
    }
  })

  test('never for a name or an address that is not known yet', async () => {
    const nobody = { email: '', name: '', council: '' }
    expect(await passwordFault('seven yellow bicycles', nobody)).toBeNull()
    expect(await passwordFault('!@#$%^&*()_+', nobody)).toBeNull()
  })
})

describe('a hash', () => {
  test('is argon2id, salted, and opens for its password alone', async () => {
    const [one, other] = await Promise.all([hasher.hash('seven yellow'), hasher.hash('seven yellow')])
    expect(one).toStartWith('$argon2id$v=19$m=65536,t=2,p=1$')
    expect(one).not.toBe(other)
    expect(await hasher.verify('seven yellow', one)).toBe(true)
    for (const wrong of ['Seven yellow', 'x'.repeat(100_000)]) {
      expect([wrong.slice(0, 20), await hasher.verify(wrong, one)]).toEqual([wrong.slice(0, 20), false])
    }
  })

  test('made at another cost still opens', async () => {
    const cheap = createPasswordHasher({ memoryCost: 8, timeCost: 1 })
    const made = await cheap.hash('seven yellow')
    expect(made).toStartWith('$argon2id$v=19$m=8,t=1,p=1$')
    expect(await hasher.verify('seven yellow', made)).toBe(true)
    expect(await cheap.verify('seven yellow', await hasher.hash('seven yellow'))).toBe(true)
  })

  test('made before spellings were brought into one form still opens', async () => {
    const made = await Bun.password.hash('correct horse battery staple', { algorithm: 'argon2id' })
    expect(await hasher.verify('correct horse battery staple', made)).toBe(true)
  })

  test('opens for the same text in another spelling, as another keyboard gives it', async () => {
    const hash = await hasher.hash('Caffè Zoë ﬁve')
    for (const spelling of ['Caffe\u0300 Zoe\u0308 five', 'Ｃaffè Zoë ﬁve'])
      expect(await hasher.verify(spelling, hash)).toBe(true)
    expect(await hasher.verify('Caffe Zoe five', hash)).toBe(false)
  })

  test('of nobody opens for nothing, and takes as long', async () => {
    const hash = await hasher.hash('seven yellow')
    const wait = (against: string | null) =>
      processorMs(async () => expect(await hasher.verify('the password of nobody', against)).toBe(false))
    const least = async (against: string | null) => Math.min(await wait(against), await wait(against))
    const usual = await least(hash)
    expect(await least(null)).toBeGreaterThan(usual / 2)
    expect(await least('')).toBeGreaterThan(usual / 2)
  })
})

test('few passwords are hashed at once, and those that would wait long are refused', async () => {
  const bounds = { atOnce: 1, waiting: 4, waitingOfOne: 1 }
  const quick = createPasswordHasher({ memoryCost: 8, timeCost: 1 }, bounds)
  const stored = await quick.hash('correct horse battery')
  const from = (address: string) => quick.verify('correct horse battery', stored, address)
  const results = await Promise.allSettled([
    from('192.0.2.1'),
    from('192.0.2.1'),
    from('192.0.2.1'),
    from('192.0.2.2'),
    quick.verify('wrong', stored),
    quick.hash('another'),
    from('192.0.2.3'),
  ])
  const shown = results.map((result) =>
    result.status === 'fulfilled' ? result.value : [result.reason.message, result.reason.details],
  )
  const busy = [
    'Too many people are signing in at the moment. Try again in a few seconds.',
    { retryAfter: 5 },
  ]
  expect(shown).toEqual([true, true, busy, true, false, expect.stringContaining('$argon2id$'), busy])
  expect(await from('192.0.2.1')).toBe(true)
})
