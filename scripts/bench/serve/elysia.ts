// The framework with nothing in it: two routes that send the same bytes. serve/elysia.ts SAMPLES.
import { Elysia } from 'elysia'
import { announce } from '../servers'
import { cannedAnswers } from './canned'

const answer = await cannedAnswers()
const app = new Elysia()
  .get('/api/cases', ({ request }) => answer(request))
  .get('/api/cases/:id', ({ request }) => answer(request))
  .listen({ hostname: '127.0.0.1', port: 0 })
await announce(app.server?.port)
