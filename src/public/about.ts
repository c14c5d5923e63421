import { type About, prefixed } from '../core/about'
import { eventSample } from '../resources/events/about'

export const publicAbout = {
  tag: { name: 'Public', description: 'What anybody can read and send without a key.' },
  parameters: {
    tenant: 'The council’s name in web addresses',
    reference: 'Reference of the case, such as `CW-2026-0042`',
  },
  samples: {
    'path.tenant': 'bristol',
    'path.reference': 'CW-2026-0042',
    ...prefixed('PublicEvent', eventSample),
  },
} satisfies About
