import { afterEach, describe, expect, test } from 'bun:test'
import { createServer, type Server, type Socket } from 'node:net'
import { createMailer } from '../../src/lib/mail'

let server: Server | null = null

afterEach(() => {
  server?.close()
  server = null
})

type Answers = { recipient?: string; offersTls?: boolean }

/** A mail server of this machine that keeps what it is told. */
async function startServer({ recipient = '250 ok', offersTls = false }: Answers = {}) {
  const said: string[] = []
  server = createServer((socket: Socket) => {
    let isData = false
    socket.on('error', () => {})
    socket.write('220 test\r\n')
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\r\n')) {
        if (line === '') continue
        said.push(line)
        if (isData && line !== '.') continue
        if (line === '.') isData = false
        if (/^EHLO/.test(line)) socket.write(offersTls ? '250-test\r\n250 STARTTLS\r\n' : '250 test\r\n')
        else if (/^RCPT/.test(line)) socket.write(`${recipient}\r\n`)
        else if (line === 'DATA') {
          isData = true
          socket.write('354 go on\r\n')
        } else if (/^QUIT/.test(line)) socket.end('221 bye\r\n')
        else socket.write('250 ok\r\n')
      }
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return { url: `smtp://127.0.0.1:${port}`, said }
}

const letter = { to: 'a@example.org', subject: 'A subject', text: 'Dear Ada,\n\nhello.\n' }

describe('a letter', () => {
  test('reaches a mail server of this machine as plain text', async () => {
    const { url, said } = await startServer()
    await createMailer(url, 'casework@example.gov.uk').send(letter)
    expect(said).toContain('MAIL FROM:<casework@example.gov.uk>')
    expect(said).toContain('RCPT TO:<a@example.org>')
    expect(said).toContain('Subject: A subject')
    expect(said.find((line) => line.startsWith('Content-Type'))).toStartWith('Content-Type: text/plain')
    expect(said).toContain('Dear Ada,')
  })

  test('carries no header and no recipient that its parts try to bring in', async () => {
    const { url, said } = await startServer()
    const evil = {
      ...letter,
      subject: 'A\r\nBcc: b@example.org',
      to: 'a@example.org\r\nRCPT TO:<b@example.org>',
    }
    await createMailer(url, 'casework@example.gov.uk')
      .send(evil)
      .catch(() => {})
    expect(said.filter((line) => /^(Bcc|RCPT TO:<b@)/i.test(line))).toEqual([])
  })

  test('that the server does not take is an error', async () => {
    const { url } = await startServer({ recipient: '550 no such user' })
    expect(createMailer(url, 'casework@example.gov.uk').send(letter)).rejects.toThrow('550')
  })

  test('is not sent unencrypted to another machine', async () => {
    const { url, said } = await startServer()
    const elsewhere = url.replace('127.0.0.1', 'localhost.')
    expect(createMailer(elsewhere, 'casework@example.gov.uk').send(letter)).rejects.toThrow()
    expect(said.filter((line) => /^(MAIL|DATA|Dear)/.test(line))).toEqual([])
  })

  test('is an error where nobody listens', async () => {
    expect(createMailer('smtp://127.0.0.1:1', 'casework@example.gov.uk').send(letter)).rejects.toThrow()
  })
})
