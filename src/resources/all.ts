import type { About, Action, EventAbout, ScopeLabel } from '../core/about'
import type { EventName } from '../core/outbox/table'
import type { Scope } from '../core/scopes'
import { accountAbout } from './account/about'
import { auditAbout } from './audit/about'
import { casesAbout } from './cases/about'
import { categoriesAbout } from './categories/about'
import { eventsAbout } from './events/about'
import { newsAbout } from './news/about'
import { reportsAbout } from './reports/about'
import { settingsAbout } from './settings/about'
import { usersAbout } from './users/about'
import { wardsAbout } from './wards/about'
import { webhooksAbout } from './webhooks/about'

/** Every resource, in the order in which the API document shows them. */
export const abouts = [
  accountAbout,
  casesAbout,
  wardsAbout,
  categoriesAbout,
  usersAbout,
  eventsAbout,
  newsAbout,
  auditAbout,
  settingsAbout,
  reportsAbout,
  webhooksAbout,
] as const satisfies readonly About[]

type Part<A, P extends keyof About> = A extends { [N in P]: infer V } ? V : never
type Names<R> = R extends R ? keyof R : never
type Values<R> = R extends R ? R[keyof R] : never
type Merged<P extends keyof About, R = Part<(typeof abouts)[number], P>> = Record<
  Names<R> & string,
  Values<R>
>

const merged = <P extends keyof About>(part: P): Merged<P> =>
  Object.assign({}, ...abouts.map((about: About) => about[part]))

// The annotations make a resource that forgets to explain a scope, an event or an action a compile error.
export const scopeLabels: Record<Scope, ScopeLabel> = merged('scopes')
export const webhookEvents: Record<EventName, EventAbout> = merged('events')
export const actionLabels: Record<Action, string> = merged('actions')
export const entityLabels: Record<string, string> = merged('entities')
