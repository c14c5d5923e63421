import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import {
  createPasswordLink,
  findPasswordLink,
  type PasswordLink,
} from '../../src/core/passwords/links.service'
import type { UserRow } from '../../src/core/users/table'
import { mailPasswordLink, passwordLinkPath } from '../../src/dashboard/sign-in/link-mail'
import { createMailer, type Mail, type Mailer } from '../../src/lib/mail'
import { inviteUser } from '../../src/resources/users/edit.service'
import { type Council, createCouncil, createTestApp, type TestApp } from '../support/app'
import { startMailServer } from '../support/mail-server'

let app: TestApp
let council: Council
let user: UserRow
let sent: Mail[]

const origin = 'https://casework.avon.example'

beforeAll(async () => {
  app = await createTestApp({ REEVE_PUBLIC_URL: `${origin}/` })
  council = await createCouncil(app, 'avon')
  user = await inviteUser(council.ctx, {
    email: 'ann@example.org',
    name: 'Ann Sample',
    role: 'manager',
    wardIds: [],
  })
})
afterAll(() => app.close())

beforeEach(() => {
  sent = []
  app.logged.length = 0
})

const keeping: Mailer = { send: async (letter: Mail) => void sent.push(letter) }

const linkFor = (purpose: PasswordLink['purpose']) =>
  createPasswordLink(council.ctx, app.deps, user.id, purpose)
const mailTo = async (link: PasswordLink, mail: Mailer | null = keeping, tenant = council.tenant) =>
  mailPasswordLink({ ...app.deps, mail }, tenant, link)

describe('a link is not sent, and the caller is told', () => {
  test('where there is no mail server', async () => {
    expect(await mailTo(await linkFor('invitation'), null)).toBe(false)
    expect(app.logged).toEqual([])
  })

  test('where nobody knows how Reeve is reached', async () => {
    const config = { ...app.deps.config, publicUrl: null }
    const link = await linkFor('invitation')
    expect(await mailPasswordLink({ ...app.deps, mail: keeping, config }, council.tenant, link)).toBe(false)
    expect(sent).toEqual([])
  })

  test('where the mail server refuses it; the log says so without address or token', async () => {
    const server = await startMailServer({
      answer: (line) => (/^RCPT/.test(line) ? '550 no ann@example.org here' : undefined),
    })
    try {
      const link = await linkFor('reset')
      const mailer = createMailer(`smtp://127.0.0.1:${server.port}`, {
        name: '',
        address: 'casework@avon.example',
      })
      expect(await mailTo(link, mailer)).toBe(false)
      expect(server.said).toContain('RCPT TO:<ann@example.org>')
      expect(app.logged).toEqual([
        {
          level: 'warn',
          message: 'an e-mail could not be sent',
          fields: { tenant: 'avon', purpose: 'reset', code: 'EENVELOPE' },
        },
      ])
    } finally {
      server.close()
    }
  })
})

describe('a letter', () => {
  test('that invites names the council and holds a link that works, until when', async () => {
    const link = await linkFor('invitation')
    expect(await mailTo(link)).toBe(true)
    expect(sent).toEqual([
      {
        to: 'ann@example.org',
        subject: 'Your account for casework at avon council',
        text: expect.stringContaining('Dear Ann Sample,\n\navon council has created an account for you'),
      },
    ])
    const text = sent[0]?.text as string
    expect(text).toContain(`\n\n${origin}${passwordLinkPath(link.token)}\n\n`)
    expect(text).toContain('until Friday, 20 March 2026 at 09:30.')
    const token = /token=(\w+)/.exec(text)?.[1] as string
    expect((await findPasswordLink(app.deps, token))?.user.id).toBe(user.id)
  })

  test('for a new password says what to do who has not asked for one', async () => {
    expect(await mailTo(await linkFor('reset'))).toBe(true)
    expect(sent[0]?.subject).toBe('Set a new password for casework at avon council')
    expect(sent[0]?.text).toContain('until Saturday, 14 March 2026 at 09:30.')
    expect(sent[0]?.text).toContain('If you did not expect this e-mail')
  })

  test('tells the time as the council’s clocks do', async () => {
    app.clock.set(new Date('2026-03-28T12:00:00.000Z'))
    await mailTo(await linkFor('reset'))
    expect(sent[0]?.text).toContain('until Sunday, 29 March 2026 at 13:00.')
  })

  test('stays in its form, whatever the names hold', async () => {
    const link = await linkFor('reset')
    const name = 'Ann\r\nBcc: bob@example.org\n\nSample'
    await mailTo({ ...link, user: { ...link.user, name } }, keeping, {
      ...council.tenant,
      name: 'Avon\r\nBcc: bob@example.org\r\n\r\nCouncil',
    })
    const { subject, text } = sent[0] as Mail
    expect(subject).toBe('Set a new password for casework at Avon Bcc: bob@example.org Council')
    expect(text).toStartWith('Dear Ann Bcc: bob@example.org Sample,\n\n')
    expect(text.match(/^Bcc/gm)).toBeNull()
  })
})
