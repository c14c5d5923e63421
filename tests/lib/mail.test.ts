import { afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { createMailer, type Mail } from '../../src/lib/mail'
import { type MailServer, startMailServer } from '../support/mail-server'
import { type Identity, newIdentity } from '../support/raw-receiver'

let identity: Identity
let server: MailServer

beforeAll(() => {
  identity = newIdentity('DNS:mail.example')
})
afterEach(() => server.close())

const start = async (manners?: Parameters<typeof startMailServer>[0]) => {
  server = await startMailServer(manners)
}

const letter: Mail = { to: 'ann@example.org', subject: 'A subject', text: 'Dear Ann,\n\nhello.\n' }
const soon = { stepMs: 150, wholeMs: 400 }

/** To this machine: by the first address the server is the machine itself, by the second it could be any other. */
const [here, elsewhere] = ['127.0.0.1', '0.0.0.0']

type Sending = {
  host?: string | undefined
  scheme?: string
  login?: string
  times?: typeof soon
  name?: string
}

const send = (
  mail: Partial<Mail> = {},
  { host = here, scheme = 'smtp', login = '', times, name = 'Avon Council' }: Sending = {},
) =>
  createMailer(
    `${scheme}://${login}${host}:${server.port}`,
    { name, address: 'casework@avon.example' },
    times,
  ).send({ ...letter, ...mail })

/** The code of the error that the work ends in. */
const codeOf = async (work: Promise<unknown>): Promise<unknown> => {
  const outcome = await work.then(
    () => 'sent',
    (error) => error,
  )
  expect(outcome).toBeInstanceOf(Error)
  return outcome.code
}

describe('a letter is not sent', () => {
  test('to another machine that has no TLS, nor is a password', async () => {
    await start({ offersLogin: true })
    const code = await codeOf(send({}, { host: elsewhere, login: 'ann:hunter2@' }))
    expect(code).toBe('ETLS')
    expect(server.said.filter((line) => !/^(EHLO|STARTTLS|QUIT)/.test(line))).toEqual([])
    expect(server.letters).toEqual([])
  })

  test.each([
    ['STARTTLS', 'smtp', false],
    ['TLS', 'smtps', true],
  ])('by %s to a server whose certificate no authority has signed', async (_, scheme, isImplicit) => {
    await start({ identity, isImplicit, offersLogin: true })
    await codeOf(send({}, { host: elsewhere, scheme, login: 'ann:hunter2@' }))
    expect(server.said.filter((line) => /^(AUTH|MAIL|RCPT|DATA)/.test(line))).toEqual([])
    expect(server.letters).toEqual([])
  })

  test.each([
    ['the sender', /^MAIL/, '550 not you'],
    ['the recipient', /^RCPT/, '550 no such user'],
    ['the letter', /^\.$/, '554 no'],
    ['the password', /^AUTH/, '535 wrong'],
    ['anything today', /^$/, '421 come back later'],
  ])('where the server does not take %s', async (_, form, refusal) => {
    await start({ offersLogin: true, answer: (line) => (form.test(line) ? refusal : undefined) })
    await expect(send({}, { login: 'ann:hunter2@' })).rejects.toThrow(refusal)
    expect(server.letters).toEqual([])
  })

  test.each([
    ['does not greet', /^$/],
    ['does not answer the greeting', /^EHLO/],
    ['does not answer to the sender', /^MAIL/],
    ['does not say that it has the letter', /^\.$/],
  ])('where the server %s, which is known in time', async (_, form) => {
    await start({ answer: (line) => (form.test(line) ? null : undefined) })
    expect(await codeOf(send({}, { times: soon }))).toBe('ETIMEDOUT')
    for (let i = 0; i < 100 && server.open() > 0; i++) await Bun.sleep(10)
    expect(server.open()).toBe(0)
  })

  test('where each answer comes in time and all together do not', async () => {
    await start({
      answer: (line, socket) => {
        if (!line.startsWith('EHLO')) return undefined
        const drip = setInterval(() => socket.write('250-wait\r\n'), 50)
        socket.on('close', () => clearInterval(drip))
        return null
      },
    })
    expect(await codeOf(send({}, { times: soon }))).toBe('ETIMEDOUT')
  })

  test('where nobody listens', async () => {
    await start()
    server.close()
    expect(await codeOf(send())).toBe('ESOCKET')
  })
})

describe('a letter', () => {
  test('reaches a server of this machine in clear, as plain text that asks for no reply', async () => {
    await start()
    await send({ text: 'Annwyl Siân,\n\n.\nhello £5.\n' })
    expect(server.said.filter((line) => /^(MAIL|RCPT|STARTTLS)/.test(line))).toEqual([
      expect.stringMatching(/^MAIL FROM:<casework@avon\.example>/),
      'RCPT TO:<ann@example.org>',
    ])
    const [head = '', body = ''] = (server.letters[0] as string).split(/\n\n([\s\S]*)/)
    const headers = Object.fromEntries(
      head.split('\n').map((line) => line.split(/: (.*)/) as [string, string]),
    )
    expect(headers).toMatchObject({
      From: 'Avon Council <casework@avon.example>',
      To: 'ann@example.org',
      Subject: 'A subject',
      'Auto-Submitted': 'auto-generated',
      'Content-Type': 'text/plain; charset=utf-8',
    })
    expect(Object.keys(headers).sort()).toEqual([
      'Auto-Submitted',
      'Content-Transfer-Encoding',
      'Content-Type',
      'Date',
      'From',
      'MIME-Version',
      'Message-ID',
      'Subject',
      'To',
    ])
    const bytes = body
      .replace(/=\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number(`0x${hex}`)))
    expect(Buffer.from(bytes, 'latin1').toString()).toContain('Annwyl Siân,\n\n')
  })

  test.each([
    ['Avon, Severn and Wye Council', '"Avon, Severn and Wye Council"'],
    ['Avon Council (Casework)', '"Avon Council (Casework)"'],
  ])('comes from “%s” whole', async (name, written) => {
    await start()
    await send({}, { name })
    expect(server.said).toContainEqual(expect.stringMatching(/^MAIL FROM:<casework@avon\.example>/))
    expect(server.letters[0]).toContain(`From: ${written} <casework@avon.example>\n`)
  })

  test.each([
    ['STARTTLS', 'smtp', false],
    ['TLS', 'smtps', true],
  ])(
    'goes by %s to a server of this machine that has a certificate of its own making',
    async (_, scheme, isImplicit) => {
      await start({ identity, isImplicit, offersLogin: true })
      await send({}, { scheme, login: 'ann%40avon.example:p%C3%A4ss%3A%2F@' })
      const before = server.said.slice(0, server.said.indexOf('TLS'))
      expect(before.filter((line) => /^(AUTH|MAIL)/.test(line))).toEqual([])
      const login = server.said.find((line) => line.startsWith('AUTH PLAIN '))?.slice(11) as string
      expect(Buffer.from(login, 'base64').toString()).toBe('\0ann@avon.example\0päss:/')
      expect(server.letters).toHaveLength(1)
    },
  )

  test('goes to one recipient, with the headers that are ours, whatever its parts hold', async () => {
    await start()
    const evil = '\r\nBcc: bob@example.org\r\n\r\nanother letter'
    const parts: Partial<Mail>[] = [
      { subject: `A subject${evil}` },
      { to: `ann@example.org${evil}` },
      { to: 'ann@example.org, bob@example.org' },
      { to: 'ann@example.org>\r\nRCPT TO:<bob@example.org' },
      { text: `hello\r\n.\r\nMAIL FROM:<bob@example.org>\r\nRCPT TO:<bob@example.org>${evil}` },
    ]
    for (const part of parts) await send(part).catch(() => 'refused')
    const recipients = server.said.filter((line) => /^RCPT/.test(line))
    expect(recipients.length).toBeGreaterThan(1)
    expect(recipients.filter((line) => /^RCPT TO:<bob@/.test(line))).toEqual([])
    expect(server.said.filter((line) => /^MAIL FROM:<bob/.test(line))).toEqual([])
    for (const one of server.letters) expect(one.split('\n\n')[0]).not.toMatch(/^Bcc/im)
  })
})
