import type { Ctx } from '../../core/ctx'
import type { RandomBytes } from '../../lib/random'
import { seal, unseal } from '../../lib/seal'
import type { DeliveryRow } from './deliveries/table'
import type { EndpointRow } from './table'

const secretBytes = 32
const prefix = 'whsec_'

/** `whsec_` and 32 random bytes in base64, as in the Standard Webhooks specification. */
export const newSecret = (random: RandomBytes) =>
  `${prefix}${Buffer.from(random(secretBytes)).toString('base64')}`

type Owner = Pick<EndpointRow, 'tenantId' | 'id'>
type Sealing = Pick<Ctx, 'secrets'>

const bindingOf = ({ tenantId, id }: Owner) => JSON.stringify(['webhook secret', tenantId, id])

export const sealSecret = ({ secrets }: Sealing, owner: Owner, secret: string) =>
  seal(secrets.seal, secret, bindingOf(owner))

/** The newest first. */
export function secretsOf({ secrets }: Sealing, row: EndpointRow, now: Date): string[] {
  const { secret, previousSecret, previousUntil } = row
  const isOverlapping = previousSecret !== null && previousUntil !== null && previousUntil > now
  return [secret, ...(isOverlapping ? [previousSecret] : [])].map((sealed) =>
    unseal(secrets.seal, sealed, bindingOf(row)),
  )
}

export function resealed(sealing: Sealing, row: EndpointRow): Pick<EndpointRow, 'secret' | 'previousSecret'> {
  const renewed = (sealed: string) =>
    sealSecret(sealing, row, unseal(sealing.secrets.seal, sealed, bindingOf(row)))
  return {
    secret: renewed(row.secret),
    previousSecret: row.previousSecret === null ? null : renewed(row.previousSecret),
  }
}

const replyBindingOf = (id: string) => `reply ${id}`

/** Sealed, because an endpoint may repeat the personal data it was sent. */
export const sealReply = ({ secrets }: Sealing, id: string, reply: string) =>
  seal(secrets.seal, reply, replyBindingOf(id))

export const openReply = (
  { secrets }: Sealing,
  { id, reply }: Pick<DeliveryRow, 'id' | 'reply'>,
): string | null => (reply === null ? null : unseal(secrets.seal, reply, replyBindingOf(id)))
