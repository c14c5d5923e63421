import { Type } from '@sinclair/typebox'
import { parseCidr } from '../../lib/address'
import { type Issue, type IssueCode, shortName } from '../../lib/errors'
import { isOfOurTimes } from '../../lib/time'
import { Strict, Text } from '../schema'
import { isInPlan, isScope, type Plan, planScopes, type Scope } from '../scopes'
import { inspect } from '../validation'
import type { ApiKeyRow } from './table'

const keyStates = ['active', 'replaced', 'expired', 'revoked'] as const
export type KeyState = (typeof keyStates)[number]

/** A replaced key still works until it expires. */
export function keyState(
  { revokedAt, expiresAt, replacedById }: Pick<ApiKeyRow, 'revokedAt' | 'expiresAt' | 'replacedById'>,
  now: Date,
): KeyState {
  if (revokedAt) return 'revoked'
  if (expiresAt && expiresAt <= now) return 'expired'
  return replacedById ? 'replaced' : 'active'
}

/** Completes a sentence that begins with “The key”. */
export const stateWords: Record<KeyState, string> = {
  active: 'can be used',
  replaced: 'has already been replaced',
  expired: 'has expired',
  revoked: 'has been revoked',
}

/** The longest time that a replaced key may go on working: 30 days. */
export const maxOverlapMs = 30 * 86_400_000

const KeyInput = Strict({
  name: Text(100),
  scopes: Type.Array(Type.String(), { minItems: 1 }),
  ipAllow: Type.Array(Type.String(), { maxItems: 50 }),
})

type KeyRequest = {
  name: string
  scopes: readonly string[]
  ipAllow: readonly string[]
  expiresAt: Date | null
}

/** Reports every fault of a requested key; `scopes` is what it would have, with `all` resolved to those of the plan. */
export function inspectKey(
  { name, scopes: wanted, ipAllow, expiresAt }: KeyRequest,
  plan: Plan,
  now: Date,
): { issues: Issue[]; scopes: Scope[] } {
  const { issues, sound } = inspect(KeyInput, { name, scopes: wanted, ipAllow })
  const add = (path: string, code: IssueCode, message: string) =>
    void issues.push({ in: 'body', path, code, message })
  const { scopes, faults } = scopesWithinPlan(sound.scopes ?? [], plan)
  for (const fault of faults) add('scopes', 'rule', fault)
  const ranges = (sound.ipAllow ?? []).filter((range) => parseCidr(range) === undefined)
  if (ranges.length > 0) {
    const fault =
      ranges.length === 1 ? 'is not an IP address or CIDR range' : 'are not IP addresses or CIDR ranges'
    add('ipAllow', 'rule', `${quoted(ranges)} ${fault}`)
  }
  if (expiresAt && !(expiresAt > now)) add('expiresAt', 'range', 'Must be in the future')
  else if (expiresAt && !isOfOurTimes(expiresAt)) add('expiresAt', 'range', 'Must be before the year 2200')
  return { issues, scopes }
}

const quoted = (texts: readonly string[]) => texts.map((text) => `"${shortName(text)}"`).join(', ')

function scopesWithinPlan(wanted: readonly string[], plan: Plan): { scopes: Scope[]; faults: string[] } {
  if (wanted.length === 1 && wanted[0] === 'all') {
    const scopes = [...planScopes[plan]]
    return { scopes, faults: scopes.length === 0 ? [`The plan ${plan} includes no scopes`] : [] }
  }
  const distinct = [...new Set(wanted)]
  const scopes = distinct.filter(isScope)
  const unknown = distinct.filter((scope) => !isScope(scope))
  const beyond = scopes.filter((scope) => !isInPlan(scope, plan))
  const faults: string[] = []
  if (unknown.length > 0) faults.push(`There is no scope ${quoted(unknown)}`)
  if (beyond.length === 1) faults.push(`The scope ${beyond[0]} is not in the plan ${plan}`)
  if (beyond.length > 1) faults.push(`The scopes ${beyond.join(', ')} are not in the plan ${plan}`)
  return { scopes, faults }
}
