import type { Components } from './schemas'
import type { Parameter, Webhooks } from './types'

/** An event as receivers get it. */
export type WebhookEvent = { name: string; description: string; schema: Record<string, unknown> }

const header = (name: string, description: string, example: string): Parameter => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string', examples: [example] },
})

const parameters = [
  header('webhook-id', 'Id of the event: the same in every attempt and replay.', 'msg_2f1x8k3m5p7q9r'),
  header('webhook-timestamp', 'When this attempt was made, in seconds since 1 January 1970.', '1773394260'),
  header(
    'webhook-signature',
    'Signs id, time and body as the Standard Webhooks specification says; during a change of secret there are two.',
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  ),
]

/** `case_created` as `sendCaseCreated`. */
const operationIdOf = (name: string) =>
  `send${name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`

/** What Reeve sends, by event. */
export const webhooksOf = (events: readonly WebhookEvent[], components: Components): Webhooks =>
  Object.fromEntries(
    events.map(({ name, description, schema }) => [
      name,
      {
        post: {
          operationId: operationIdOf(name),
          summary: `Receive ${name}`,
          description,
          tags: ['Webhooks'],
          security: [],
          parameters,
          requestBody: {
            description: 'The event.',
            required: true,
            content: { 'application/json': { schema: components.answer({ ...schema, title: undefined }) } },
          },
          responses: {
            '200': { description: 'Any 2xx within 15 seconds: the event has arrived.' },
            '410': { description: 'Nobody is there any more: the webhook is disabled.' },
          },
        },
      },
    ]),
  )
