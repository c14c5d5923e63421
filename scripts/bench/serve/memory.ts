// The least that a server on this runtime can do: the same bytes from memory. serve/memory.ts SAMPLES.
import { announce } from '../servers'
import { cannedAnswers } from './canned'

const server = Bun.serve({ hostname: '127.0.0.1', port: 0, development: false, fetch: await cannedAnswers() })
await announce(server.port)
