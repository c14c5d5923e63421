import { conflict, invalid } from '../../lib/errors'
import { sha256 } from '../../lib/hash'
import { type RandomBytes, randomString } from '../../lib/random'
import { bareCode, grouped } from '../../lib/typed-code'
import type { Ctx, Deps, Writer } from '../ctx'
import { resealAll } from '../reseal.service'
import type { UserRow } from '../users/table'
import { appendOccurrences, write } from '../write'
import {
  deleteSecondFactor,
  findSecondFactor,
  insertSecondFactor,
  listOutdated,
  openSecret,
  openUnconfirmed,
  reseal,
  sealSecret,
  sealUnconfirmed,
  takeStep,
  updateSecondFactor,
} from './store'
import type { SecondFactorRow } from './table'
import { enrolmentOf, secretOf, stepOf } from './totp'

/** For adding Reeve to an authenticator app. */
export type Enrolment = {
  /** For typing, in groups of four. */
  secret: string
  uri: string
  /** The URI as a QR code in SVG. */
  picture: string
}

const secretBytes = 20
const recoveryCodes = 10

/** No letters and digits that look alike; 16 characters make 80 bits. */
const recoveryAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const recoveryForm = new RegExp(`^[${recoveryAlphabet}]{16}$`)

/** Who sets up a second factor, and in which session. */
type Enrolling = { user: Pick<UserRow, 'id' | 'email'>; sessionId: string }

/**
 * Gives the same secret until its first code confirms it, so that refreshing the page does not break what the app scanned.
 * Any other session gets another: somebody else may have seen this one.
 */
export async function startSecondFactor(
  ctx: Ctx,
  { user, sessionId }: Enrolling,
  random: RandomBytes,
): Promise<Enrolment> {
  const fresh = secretOf(random(secretBytes))
  // Only its confirmation is recorded.
  const secret = await write(ctx, 'second_factor.confirm', async (w) => {
    const found = await findSecondFactor(w, user.id)
    if (found?.confirmedAt) throw conflict('There is a second factor already')
    const begun = found && openUnconfirmed(w, found, sessionId)
    if (begun) return { changes: [], result: begun }
    if (found) await deleteSecondFactor(w, user.id)
    await insertSecondFactor(w, {
      userId: user.id,
      tenantId: w.tenantId,
      secret: sealUnconfirmed(w, user.id, fresh, sessionId),
      createdAt: w.clock.now(),
    })
    return { changes: [], result: fresh }
  })
  return {
    secret: grouped(secret, 4).replaceAll('-', ' '),
    ...enrolmentOf(secret, ctx.tenant.name, user.email),
  }
}

const unreadable = () =>
  conflict(
    'Your second factor can no longer be read, so no code from your app can be checked. Enter a recovery code, or ask an administrator to remove your second factor',
  )

const wrongCode = () =>
  invalid([
    {
      in: 'body',
      path: 'code',
      code: 'rule',
      message: 'The code is wrong or too old. Enter the one that the app shows now',
    },
  ])

/** Accepts the app's first code, so that codes are needed from now on. Returns recovery codes, which are shown only once. */
export function confirmSecondFactor(
  ctx: Ctx,
  { user: { id: userId }, sessionId }: Enrolling,
  code: string,
  random: RandomBytes,
): Promise<string[]> {
  return write(ctx, 'second_factor.confirm', async (w) => {
    const found = await findSecondFactor(w, userId)
    const secret = found && !found.confirmedAt && openUnconfirmed(w, found, sessionId)
    if (!secret) throw conflict('There is no second factor to confirm')
    const step = stepOf(secret, bareCode(code), w.clock.now())
    if (step === null) throw wrongCode()
    const codes = await renewCodes(w, userId, random)
    const confirmed = { secret: sealSecret(w, userId, secret), confirmedAt: w.clock.now(), lastStep: step }
    await updateSecondFactor(w, userId, confirmed)
    await appendOccurrences(w, 'second_factor.confirm', [{ entity: 'user', id: userId }])
    return { changes: [], result: codes }
  })
}

/**
 * Uses up a code and returns its kind; null if it is not valid. Throws `conflict` if no code can be checked, as the secret
 * cannot be opened; recovery codes still work.
 */
export function checkSecondFactor(
  ctx: Ctx,
  userId: string,
  given: string,
): Promise<'code' | 'recovery' | null> {
  return write(ctx, 'second_factor.use_recovery_code', async (w) => {
    const found = await findSecondFactor(w, userId)
    if (!found?.confirmedAt) return { changes: [], result: null }
    const secret = openSecret(w, found)
    const step = secret && stepOf(secret, bareCode(given), w.clock.now())
    if (step && (await takeStep(w, userId, step))) return { changes: [], result: 'code' }
    const isTaken = await takeRecoveryCode(w, found, given)
    if (secret === null)
      w.log.error('a second factor cannot be opened', { requestId: w.requestId, user: userId })
    if (secret === null && !isTaken) throw unreadable()
    return { changes: [], result: isTaken ? 'recovery' : null }
  })
}

async function takeRecoveryCode(w: Writer, { userId, recoveryHashes }: SecondFactorRow, given: string) {
  const code = bareCode(given).toUpperCase()
  const hash = sha256(code)
  if (!recoveryForm.test(code) || !recoveryHashes.includes(hash)) return false
  const left = recoveryHashes.filter((one) => one !== hash)
  await updateSecondFactor(w, userId, { recoveryHashes: left })
  const note = { left: left.length }
  await appendOccurrences(w, 'second_factor.use_recovery_code', [{ entity: 'user', id: userId, note }])
  return true
}

/** Replaces the unused recovery codes; the new ones are shown only once. */
export const newRecoveryCodes = (ctx: Ctx, userId: string, random: RandomBytes): Promise<string[]> =>
  write(ctx, 'second_factor.recovery_codes', async (w) => {
    const found = await findSecondFactor(w, userId)
    if (!found?.confirmedAt) throw conflict('There is no second factor')
    const codes = await renewCodes(w, userId, random)
    await appendOccurrences(w, 'second_factor.recovery_codes', [{ entity: 'user', id: userId }])
    return { changes: [], result: codes }
  })

async function renewCodes(w: Writer, userId: string, random: RandomBytes): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodes }, () => randomString(random, 16, recoveryAlphabet))
  await updateSecondFactor(w, userId, { recoveryHashes: codes.map(sha256) })
  return codes.map((code) => grouped(code, 4))
}

/** Does nothing if the user has none. */
export const removeSecondFactor = (ctx: Ctx, userId: string): Promise<void> =>
  write(ctx, 'second_factor.remove', async (w) => {
    if (await deleteSecondFactor(w, userId)) {
      await appendOccurrences(w, 'second_factor.remove', [{ entity: 'user', id: userId }])
    }
    return { changes: [], result: undefined }
  })

/** Returns how many secrets were not yet sealed under the newest key. */
export const resealSecondFactors = (deps: Deps): Promise<number> =>
  resealAll(deps, { list: listOutdated, reseal })
