import { type About, prefixed } from '../core/about'
import { eventSample } from '../resources/events/about'

export const publicAbout = {
  tag: { name: 'Public', description: 'What everybody may read and send, without a key.' },
  parameters: {
    tenant: 'Name of the council, as it stands in addresses',
    reference: 'Reference, such as `CW-2026-0042`',
  },
  samples: {
    'path.tenant': 'bristol',
    'path.reference': 'CW-2026-0042',
    ...prefixed('PublicEvent', eventSample),
  },
} satisfies About
