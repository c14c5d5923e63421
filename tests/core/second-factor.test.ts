import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { asc, eq } from 'drizzle-orm'
import { auditEntries } from '../../src/core/audit/table'
import type { Deps, Secrets } from '../../src/core/ctx'
import {
  checkSecondFactor,
  confirmSecondFactor,
  newRecoveryCodes,
  removeSecondFactor,
  resealSecondFactors,
  startSecondFactor,
} from '../../src/core/second-factor/service'
import { secondFactorFaults } from '../../src/core/second-factor/store'
import { codeAt } from '../../src/core/second-factor/totp'
import type { UserRow } from '../../src/core/users/table'
import { deriveSecrets } from '../../src/deps'
import { seededRandom } from '../../src/lib/random'
import { loadSecretKeys } from '../../src/lib/secret-keys'
import { inviteUser } from '../../src/resources/users/edit.service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { runBeside, tablesWith } from '../support/beside'
import { faultsOf, kindOf } from '../support/verbs'

let app: TestApp
let council: Council
let user: UserRow

beforeAll(async () => {
  app = await createTestApp()
  council = await createCouncil(app, 'avon')
})
afterAll(() => app.close())

let users = 0
const newUser = () =>
  inviteUser(council.ctx, {
    email: `user-${++users}@example.org`,
    name: 'Ann Sample',
    role: 'admin',
    wardIds: [],
  })

beforeEach(async () => {
  user = await newUser()
})

const stepMs = 30_000
const bare = (secret: string) => secret.replaceAll(' ', '')
const within = (of: UserRow, sessionId = 'first') => ({ user: of, sessionId })
const start = async (of: UserRow = user, sessionId?: string) =>
  bare((await startSecondFactor(council.ctx, within(of, sessionId), app.deps.random)).secret)
const confirm = (code: string, of = user, sessionId?: string) =>
  confirmSecondFactor(council.ctx, within(of, sessionId), code, app.deps.random)
const check = (code: string, { ctx }: Council = council) => checkSecondFactor(ctx, user.id, code)
const codeIn = (secret: string, steps = 0) =>
  codeAt(secret, new Date(app.clock.now().getTime() + steps * stepMs))

/** Sets up a second factor and lets the time of its first code pass. */
async function enrol(of: UserRow = user): Promise<{ secret: string; codes: string[] }> {
  const secret = await start(of)
  const codes = await confirm(codeIn(secret), of)
  app.clock.advance(stepMs)
  return { secret, codes }
}

/** The audit actions on the user, in order. */
const recorded = async ({ id }: UserRow = user) => {
  const rows = await app.deps.store.read
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.entityId, id))
    .orderBy(asc(auditEntries.seq))
  return rows.filter(({ action }) => action.startsWith('second_factor')).map(({ action }) => action)
}

describe('without a second factor', () => {
  test('no code is good, there is none to confirm, and none to make codes for or to remove', async () => {
    expect(await check('000000')).toBeNull()
    expect(await kindOf(() => confirm('000000'))).toBe('conflict')
    expect(await kindOf(() => newRecoveryCodes(council.ctx, user.id, app.deps.random))).toBe('conflict')
    await removeSecondFactor(council.ctx, user.id)
    expect(await recorded()).toEqual([])
  })
})

describe('one that is being set up', () => {
  test('is told as a key, an address and a picture that needs neither script nor style', async () => {
    const { secret, uri, picture } = await startSecondFactor(council.ctx, within(user), app.deps.random)
    expect(secret).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/)
    const { protocol, host, pathname, searchParams } = new URL(uri)
    expect([protocol, host, decodeURIComponent(pathname)]).toEqual([
      'otpauth:',
      'totp',
      `/avon council:${user.email}`,
    ])
    expect(Object.fromEntries(searchParams)).toEqual({
      issuer: 'avon council',
      secret: bare(secret),
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
    expect(picture).toMatch(/^<svg xmlns="[^"]+" viewBox="[^"]+"><rect [^<]+\/><path [^<]+\/><\/svg>$/)
    expect(picture).not.toMatch(/style|script|\son\w+=/)
  })

  test('is the same when it is asked for again, and another user’s is another', async () => {
    const secret = await start()
    expect(await start()).toBe(secret)
    expect(await start(await newUser())).not.toBe(secret)
  })

  test('is another in another session, and only the one shown last can be confirmed, where it was shown', async () => {
    const seen = await start(user, 'thief')
    const own = await start(user, 'owner')
    expect(own).not.toBe(seen)
    expect(await kindOf(() => confirm(codeIn(seen), user, 'thief'))).toBe('conflict')
    expect(await kindOf(() => confirm(codeIn(own), user, 'thief'))).toBe('conflict')
    expect(await kindOf(() => confirm(codeIn(seen), user, 'owner'))).toBe('bad_request')
    expect(await confirm(codeIn(own), user, 'owner')).toHaveLength(10)
    app.clock.advance(stepMs)
    expect([await check(codeIn(seen)), await check(codeIn(own))]).toEqual([null, 'code'])
  })

  test('is no second factor yet: its code is good for confirming it alone', async () => {
    const secret = await start()
    expect(await check(codeIn(secret))).toBeNull()
    expect(await kindOf(() => newRecoveryCodes(council.ctx, user.id, app.deps.random))).toBe('conflict')
  })

  test('is confirmed by no other code, whatever it is made of', async () => {
    const secret = await start()
    const wrong = [
      '',
      '000000',
      '12345',
      '1234567',
      'abcdef',
      '١٢٣٤٥٦',
      '😀😀😀',
      '-12345',
      '1e5000',
      'x'.repeat(9_999),
    ]
    for (const code of [...wrong, codeIn(secret, -2), codeIn(secret, 2)]) {
      expect(await faultsOf(() => confirm(code))).toEqual([expect.stringMatching(/^code: The code is wrong/)])
    }
    expect(await recorded()).toEqual([])
  })

  test('is confirmed once, by one of two at the same time', async () => {
    const secret = await start()
    const outcomes = await Promise.allSettled([confirm(codeIn(secret)), confirm(codeIn(secret))])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await kindOf(() => start())).toBe('conflict')
    expect(await recorded()).toEqual(['second_factor.confirm'])
  })
})

describe('a code of the app', () => {
  test('is good within half a minute or so, once, and none before it', async () => {
    const { secret } = await enrol()
    app.clock.advance(10 * stepMs)
    for (const steps of [-2, 2]) expect(await check(codeIn(secret, steps))).toBeNull()
    for (const steps of [-1, 0, 1]) {
      const code = codeIn(secret, steps)
      expect([steps, await check(code)]).toEqual([steps, 'code'])
      expect([steps, await check(code)]).toEqual([steps, null])
    }
    for (const steps of [-1, 0, 1]) expect(await check(codeIn(secret, steps))).toBeNull()
  })

  test('may have spaces, but is made of six plain digits', async () => {
    const { secret } = await enrol()
    const code = codeIn(secret)
    for (const wrong of ['', `${code}0`, `0${code}`, code.slice(1), '١٢٣٤٥٦', '😀😀😀']) {
      expect([wrong, await check(wrong)]).toEqual([wrong, null])
    }
    expect(await check(` ${code.slice(0, 3)} ${code.slice(3)} `)).toBe('code')
  })

  test('that confirmed the second factor is used up by that', async () => {
    const secret = await start()
    const first = codeIn(secret)
    await confirm(first)
    expect(await check(first)).toBeNull()
  })

  test('is good for one of many at the same time', async () => {
    const { secret } = await enrol()
    const answers = await Promise.all(Array.from({ length: 8 }, () => check(codeIn(secret))))
    expect(answers.filter((answer) => answer !== null)).toEqual(['code'])
  })

  test('is another’s nowhere: not for a colleague, nor within another council', async () => {
    const { secret } = await enrol()
    const other = await createCouncil(app, 'severn')
    expect(await check(codeIn(secret), other)).toBeNull()
    await removeSecondFactor(other.ctx, user.id)
    const colleague = await newUser()
    await enrol(colleague)
    expect(await checkSecondFactor(council.ctx, colleague.id, codeIn(secret))).toBeNull()
    expect(await check(codeIn(secret).replace(/^.../, ' $& -'))).toBe('code')
  })
})

describe('a recovery code', () => {
  test('is one of ten of 80 bits, kept as hashes alone', async () => {
    const { secret, codes } = await enrol()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$/)
    for (const told of [secret, ...codes, ...codes.map((code) => code.replaceAll('-', ''))]) {
      expect(await tablesWith(app, told)).toEqual([])
    }
  })

  test('is good once, however it is written, and that is on record', async () => {
    const { codes } = await enrol()
    const [first = '', second = '', third = ''] = codes
    const spellings = [
      first.toLowerCase(),
      second.replaceAll('-', ''),
      `\u200b${third.replaceAll('-', ' – ')}.`,
    ]
    for (const spelling of spellings) {
      expect([spelling, await check(spelling)]).toEqual([spelling, 'recovery'])
      expect([spelling, await check(spelling)]).toEqual([spelling, null])
    }
    expect(await recorded()).toEqual([
      'second_factor.confirm',
      ...Array(3).fill('second_factor.use_recovery_code'),
    ])
  })

  test('is good for one of many at the same time, and the others stay', async () => {
    const { codes } = await enrol()
    const [first = '', ...others] = codes
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => check(first)),
      ...others.slice(0, 2).map((code) => check(code)),
    ])
    expect(answers.filter((answer) => answer === 'recovery')).toHaveLength(3)
    for (const code of others.slice(2)) expect(await check(code)).toBe('recovery')
    expect(await check(others[0] as string)).toBeNull()
  })

  test('is good no more when there are new ones, which are on record without their values', async () => {
    const { codes } = await enrol()
    const fresh = await newRecoveryCodes(council.ctx, user.id, app.deps.random)
    expect(fresh).toHaveLength(10)
    expect(await check(codes[0] as string)).toBeNull()
    expect(await check(fresh[0] as string)).toBe('recovery')
    expect(await recorded()).toContain('second_factor.recovery_codes')
    const rows = JSON.stringify(await app.deps.store.read.select().from(auditEntries))
    for (const told of [...codes, ...fresh, user.email]) expect(rows).not.toContain(told)
  })
})

describe('removing a second factor', () => {
  test('ends it and its codes; the next one is another', async () => {
    const { secret, codes } = await enrol()
    await removeSecondFactor(council.ctx, user.id)
    expect(await check(codeIn(secret))).toBeNull()
    expect(await check(codes[0] as string)).toBeNull()
    expect(await recorded()).toEqual(['second_factor.confirm', 'second_factor.remove'])
    expect(await start()).not.toBe(secret)
  })
})

describe('the secrets behind them', () => {
  const withKeys = (secrets: Secrets): Deps => ({ ...app.deps, secrets })
  const faultsWith = (secrets: Secrets) =>
    app.deps.store.snapshot((snapshot) => secondFactorFaults(snapshot, secrets))
  const faultOf = ({ id }: UserRow) => `the second factor of user ${id} cannot be opened`

  test('are sealed anew under a new key, all of them, and open under it alone', async () => {
    const own = await createTestApp()
    try {
      const { ctx } = await createCouncil(own, 'avon')
      const invite = (email: string) =>
        inviteUser(ctx, { email, name: 'Ann Sample', role: 'admin', wardIds: [] })
      const [ann, bob] = [await invite('ann@example.org'), await invite('bob@example.org')]
      const secret = bare((await startSecondFactor(ctx, within(ann), own.deps.random)).secret)
      await confirmSecondFactor(ctx, within(ann), codeAt(secret, own.clock.now()), own.deps.random)
      await startSecondFactor(ctx, within(bob), own.deps.random)
      const known = loadSecretKeys(own.config)
      const added = seededRandom('a new key')(32)
      const both = await deriveSecrets([added, ...known])
      const newest = await deriveSecrets([added])
      const faults = () => own.deps.store.snapshot((snapshot) => secondFactorFaults(snapshot, newest))
      expect(await faults()).toEqual([ann, bob].map(faultOf).sort())
      const deps = { ...own.deps, secrets: both }
      expect([await resealSecondFactors(deps), await resealSecondFactors(deps)]).toEqual([2, 0])
      expect(await faults()).toEqual([])
      own.clock.advance(stepMs)
      const code = codeAt(secret, own.clock.now())
      expect(await checkSecondFactor({ ...ctx, secrets: newest }, ann.id, code)).toBe('code')
    } finally {
      await own.close()
    }
  })

  test('are each bound to their user: another’s in its place does not open, and a check finds it', async () => {
    const other = await newUser()
    const { secret } = await enrol(other)
    await enrol()
    expect(await faultsWith(app.deps.secrets)).toEqual([])
    await runBeside(
      app,
      `UPDATE second_factors SET secret = (SELECT secret FROM second_factors WHERE user_id = '${other.id}') WHERE user_id = '${user.id}'`,
    )
    expect(await faultsWith(app.deps.secrets)).toEqual([faultOf(user)])
    await expect(check(codeIn(secret))).rejects.toThrow()
    expect(await resealSecondFactors(withKeys(app.deps.secrets))).toBe(0)
    await removeSecondFactor(council.ctx, user.id)
  })
})
