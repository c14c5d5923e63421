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

/** The newest first; null if the present one cannot be opened. */
export function secretsOf({ secrets }: Sealing, row: EndpointRow, now: Date): string[] | null {
  const { previousSecret, previousUntil } = row
  const open = (sealed: string) => unseal(secrets.seal, sealed, bindingOf(row))
  const present = open(row.secret)
  if (present === null) return null
  const isOverlapping = previousSecret !== null && previousUntil !== null && previousUntil > now
  const previous = isOverlapping ? open(previousSecret) : null
  return previous === null ? [present] : [present, previous]
}

/** Null if one of them cannot be opened. */
export function resealed(
  sealing: Sealing,
  row: EndpointRow,
): Pick<EndpointRow, 'secret' | 'previousSecret'> | null {
  const renewed = (sealed: string) => {
    const opened = unseal(sealing.secrets.seal, sealed, bindingOf(row))
    return opened === null ? null : sealSecret(sealing, row, opened)
  }
  const secret = renewed(row.secret)
  const previousSecret = row.previousSecret === null ? null : renewed(row.previousSecret)
  if (secret === null || (previousSecret === null && row.previousSecret !== null)) return null
  return { secret, previousSecret }
}

const replyBindingOf = (id: string) => `reply ${id}`

/** Sealed, because an endpoint may repeat the personal data it was sent. */
export const sealReply = ({ secrets }: Sealing, id: string, reply: string) =>
  seal(secrets.seal, reply, replyBindingOf(id))

/** Null if there is none, or it cannot be opened. */
export const openReply = (
  { secrets }: Sealing,
  { id, reply }: Pick<DeliveryRow, 'id' | 'reply'>,
): string | null => (reply === null ? null : unseal(secrets.seal, reply, replyBindingOf(id)))
