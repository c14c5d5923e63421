import type { Ctx } from '../../../core/ctx'
import { seal, unseal } from '../../../lib/seal'
import type { DeliveryRow } from './table'

type Sealing = Pick<Ctx, 'secrets'>
type Told = Pick<DeliveryRow, 'id' | 'reply'>

const bindingOf = (id: string) => `reply ${id}`

/** Sealed, because an endpoint may repeat the personal data it was sent. */
export const sealReply = ({ secrets }: Sealing, id: string, reply: string) =>
  seal(secrets.seal, reply, bindingOf(id))

export const openReply = ({ secrets }: Sealing, { id, reply }: Told): string | null =>
  reply === null ? null : unseal(secrets.seal, reply, bindingOf(id))
