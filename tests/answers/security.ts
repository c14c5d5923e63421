import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { parseCategories } from '../../src/resources/categories/import'
import { importCategories } from '../../src/resources/categories/service'
import { importWards } from '../../src/resources/wards/import.service'
import { publicSide } from '../public/support'
import { createTestKey, createTestUser } from '../support/app'
import { tablesWith } from '../support/beside'
import { chromiumPath, launchBrowser, signInOn } from '../support/browser'
import { bytes } from '../support/casework'
import { exchange, statusFrom, statusOf } from '../support/raw-client'
import { deliverDue, startReceiver } from '../support/receiver'
import { password } from '../support/visitor'
import { newData, notTriedHere, type Office, office, outside, type Row, serve, served } from './place'

const group = 'Security'
const staffOnly = 'Persistent complainants'

/** What the public reads of a case in a category that is for staff: seen by list, feed, track and report. */
async function namedToThePublic(): Promise<string> {
  const { app, council, ask } = await office()
  const { read, post } = publicSide(app)
  await importCategories(council.ctx, parseCategories(bytes(`name,visibility\n${staffOnly},staff\n`)))
  const [{ id: categoryId }] = (await ask('GET', '/api/categories')).body.categories
  const contact = (await post(council, 'contact', { name: 'Ann', message: 'A hole' })).body
  const { id } = (await ask('GET', `/api/cases/${contact.reference}`)).body
  await ask('PATCH', `/api/cases/${id}`, { categoryId, publicSummary: 'A hole', publicState: 'approved' })
  for (let i = 0; i < 9; i++)
    await ask('POST', '/api/cases', { summary: 'Hole', categoryId, receivedAt: '2026-02-10' })
  const seen: [name: string, answer: Promise<{ status: number; text: string }>][] = [
    ...['cases.json', 'cases.rss', `cases/${contact.reference}`, 'reports'].map(
      (file): [string, ReturnType<typeof read>] => [file, read(council, file)],
    ),
    ['track', post(council, 'track', { reference: contact.reference, secret: contact.secret })],
  ]
  const told = seen.map(async ([name, answer]) => {
    const { status, text } = await answer
    return `${name.replace(contact.reference, '…')} ${status} ${text.includes(staffOnly) ? 'names it' : 'does not'}`
  })
  return (await Promise.all(told)).join(', ')
}

/** Where the words of a message to the contact form can be read in plain. */
async function wordsInPlain(): Promise<string> {
  const { app, council, ask } = await office()
  const receiver = startReceiver()
  try {
    await ask('POST', '/api/webhooks', { url: receiver.url, events: ['case_created', 'contact_submitted'] })
    const message = 'Our zyxomma is broken'
    const { reference } = (await publicSide(app).post(council, 'contact', { name: 'Ann', message })).body
    const key = await createTestKey(app, council, { scopes: ['cases:read'] })
    const read = await app.send('GET', `/api/cases/${reference}`, { key })
    while ((await deliverDue(app)) > 0);
    const whole = (await ask('GET', `/api/cases/${reference}`)).body.residentMessage
    const is = (condition: boolean) => (condition ? 'in plain' : 'no')
    return [
      `in the store: ${is((await tablesWith(app, 'zyxomma')).length > 0)}`,
      `with cases:read alone: ${is(read.text.includes('zyxomma'))}`,
      `in ${receiver.received.length} webhooks: ${is(receiver.received.some(({ text }) => text.includes('zyxomma')))}`,
      `with residents:read: ${whole === message ? 'as it came' : 'not as it came'}`,
    ].join(', ')
  } finally {
    await receiver.stop()
  }
}

async function suggestionFor(named: string): Promise<string> {
  const { server, council } = await office(serve())
  const wards = Array.from({ length: 63 }, (_, i) => ({ name: `Ward ${100 + i}`, slug: `ward-${i}` }))
  await importWards(council.ctx, [...wards, { name: named, slug: 'zzz' }])
  const { email } = await createTestUser(council, { role: 'manager', password })
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(20_000)
    await signInOn(page, server.url, email, '/admin/cases/new')
    await page.locator('input#wardId').fill('Zzz')
    const suggestion = page.getByRole('option', { name: /^Zzz/ })
    await suggestion.waitFor()
    const elements = await page.locator('#bold, main img').count()
    return `shown as ${await suggestion.innerText()}; elements made of it: ${elements}`
  } finally {
    await browser.close()
  }
}

async function withExposedKey(): Promise<string> {
  const { data, make, reeve, start } = await newData()
  await make('avon')
  chmodSync(join(data, 'secret.key'), 0o644)
  const server = await start()
  await server.stop()
  const { out, err } = await reeve('check')
  const told = (text: string) => (/chmod 600/.test(text) ? 'told' : 'not told')
  return `at start: ${told(server.output())}, in check: ${told(out + err)}`
}

const refusal = ({ status, body }: Awaited<ReturnType<Office['ask']>>) =>
  `${status}${status < 400 ? '' : ` ${body.details?.issues?.[0]?.message ?? body.error}`}`

export const security: readonly Row[] = [
  {
    group,
    does: 'reads as the public a case in a category for staff',
    answer: namedToThePublic,
    isRight: (answer) => !answer.includes('names it') && answer.match(/ 200 does not/g)?.length === 5,
  },
  {
    group,
    does: 'looks for the words of a resident’s message to the contact form',
    answer: wordsInPlain,
    isRight: (answer) =>
      !answer.includes('in plain') && /in [1-9]\d* webhooks/.test(answer) && answer.endsWith('as it came'),
  },
  {
    group,
    does: 'types into a picker of 64 wards, of which one is called Zzz <b id=bold>Bold</b> <img src=x>',
    answer: async () =>
      chromiumPath === null
        ? notTriedHere('Chromium is not installed')
        : suggestionFor('Zzz <b id=bold>Bold</b> <img src=x>'),
    isRight: (answer) => answer === 'shown as Zzz <b id=bold>Bold</b> <img src=x>; elements made of it: 0',
  },
  {
    group,
    does: 'changes with a key that acts for a manager how people sign in, and with one for an administrator',
    answer: async () => {
      const { app, council } = await office()
      const statuses = (['manager', 'admin'] as const).map(async (role) => {
        const { id: actingUserId } = await createTestUser(council, { role })
        const key = await createTestKey(app, council, { actingUserId })
        const body = { signIn: { requireSecondFactor: false } }
        return (await app.send('PATCH', '/api/settings', { key, body })).status
      })
      return (await Promise.all(statuses)).join(', ')
    },
    isRight: (answer) => answer === '403, 200',
  },
  {
    group,
    does: 'leaves the key file readable by everybody',
    answer: withExposedKey,
    isRight: (answer) => answer === 'at start: told, in check: told',
  },
  {
    group,
    does: 'asks with “Host: localhost:99999”, and for /public/x/cases/%ff',
    answer: async () => {
      const { port } = await served()
      const request = 'GET /api/cases HTTP/1.1\r\nHost: localhost:99999\r\nConnection: close\r\n\r\n'
      return `${statusOf(await exchange(port, outside, request))}, ${await statusFrom(port, outside, '/public/x/cases/%ff')}`
    },
    isRight: (answer) => answer === '421, 400',
  },
  {
    group,
    does: 'writes a control character and marks of direction into a summary',
    answer: async () => {
      const { ask } = await office()
      const bell = await ask('POST', '/api/cases', { summary: 'Pot\u0007hole' })
      const marked = await ask('POST', '/api/cases', { summary: '\u202ePothole\u202c' })
      return `${refusal(bell)}; ${marked.status} “${marked.body.summary}”`
    },
    isRight: (answer) => answer === '400 Must not contain control characters; 201 “Pothole”',
  },
  {
    group,
    does: 'sends the same name twice in a JSON body',
    answer: async () => {
      const { app, council } = await office()
      const body = '{"summary":"One","summary":"Two"}'
      const answer = await app.send('POST', '/api/cases', { key: council.key, body })
      return refusal(answer)
    },
    isRight: (answer) => answer === '400 Given more than once',
  },
]
