import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Listening, listen } from '../../src/http/server'
import { createTestApp, type TestApp } from '../support/app'
import { unlimited } from '../support/http'
import { dashboardPaths, documented, freePort, nginxAround } from '../support/proxies'
import { newIdentity } from '../support/raw-receiver'

const host = 'casework.example.gov.uk'
/** The test’s machines: all of 127.0.0.0/8 is this one. Only one of them may open the dashboard. */
const [ofProxy, outside, inside] = ['127.0.0.1', '127.0.0.2', '127.0.0.3']

const folder = mkdtempSync(join(tmpdir(), 'reeve-tls-'))
const [certificate, key, both] = ['casework.crt', 'casework.key', 'casework.pem'].map((name) =>
  join(folder, name),
) as [string, string, string]

type Place = { listen: number; reeve: number }

/** Each sample with the test’s ports and files; Caddy uses this certificate instead of fetching one. */
const samples: Record<
  string,
  { program: string; config: (place: Place) => Promise<string>; check: string[]; run: string[] }
> = {
  nginx: {
    program: 'nginx',
    config: async ({ listen, reeve }) =>
      nginxAround(
        (await documented('operating.md', 'nginx'))
          .replace('listen 443', `listen 127.0.0.1:${listen}`)
          .replace('/etc/ssl/casework.pem', certificate)
          .replace('/etc/ssl/casework.key', key)
          .replace('127.0.0.1:3000', `127.0.0.1:${reeve}`),
        folder,
      ),
    check: ['nginx', '-t', '-p', folder, '-c'],
    run: ['nginx', '-p', folder, '-c'],
  },
  Caddy: {
    program: 'caddy',
    config: async ({ listen, reeve }) => {
      const site = (await documented('operating.md', 'caddy'))
        .replace(`${host} {`, `${host}:${listen} {\n  bind ${ofProxy}\n  tls ${certificate} ${key}`)
        .replace('127.0.0.1:3000', `127.0.0.1:${reeve}`)
      return `{\n  admin off\n  auto_https disable_redirects\n}\n${site}`
    },
    check: ['caddy', 'validate', '--adapter', 'caddyfile', '--config'],
    run: ['caddy', 'run', '--adapter', 'caddyfile', '--config'],
  },
  HAProxy: {
    program: 'haproxy',
    config: async ({ listen, reeve }) =>
      (await documented('operating.md', 'haproxy'))
        .replace('bind :443', `bind 127.0.0.1:${listen}`)
        .replace('/etc/haproxy/casework.pem', both)
        .replace('127.0.0.1:3000', `127.0.0.1:${reeve}`),
    check: ['haproxy', '-c', '-f'],
    run: ['haproxy', '-db', '-f'],
  },
}

const isInstalled = (program: string) => [program, 'curl'].every((name) => Bun.which(name) !== null)

async function output(command: string[]): Promise<string> {
  const child = Bun.spawn(command, { env: { ...process.env, HOME: folder }, stdout: 'pipe', stderr: 'pipe' })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${out}${err}`)
  return out
}

let app: TestApp
let server: Listening

beforeAll(async () => {
  const made = newIdentity(`DNS:${host}`)
  writeFileSync(certificate, made.certificate)
  writeFileSync(key, made.key)
  writeFileSync(both, made.certificate + made.key)
  app = await createTestApp({
    ...unlimited,
    REEVE_PORT: '0',
    REEVE_PUBLIC_URL: `https://${host}`,
    REEVE_TRUSTED_PROXIES: ofProxy,
    REEVE_ADMIN_ALLOW: inside,
  })
  server = listen(app.deps, app.handle)
})

afterAll(async () => {
  await server.stop()
  await app.close()
  rmSync(folder, { recursive: true })
})

describe.each(Object.entries(samples))('the documented %s', (name, { program, config, check, run }) => {
  const it = test.if(isInstalled(program))
  let port: number
  let child: Bun.Subprocess | undefined

  /** The status of an answer over valid TLS, and the version of HTTP. */
  const ask = (from: string, path: string, ...more: string[]) => {
    const trust = ['--cacert', certificate, '--resolve', `${host}:${port}:127.0.0.1`]
    const form = ['-w', '%{http_code}', '-o', join(folder, 'answer')]
    const url = `https://${host}:${port}${path}`
    return output(['curl', '-s', '--path-as-is', '--interface', from, ...trust, ...form, ...more, url])
  }

  it('is taken by its own check, and starts', async () => {
    port = await freePort()
    const path = join(folder, `${name}.conf`)
    writeFileSync(path, await config({ listen: port, reeve: Number(new URL(server.url).port) }))
    await output([...check, path])
    const said = Bun.file(join(folder, `${name}.log`))
    child = Bun.spawn([...run, path], { env: { ...process.env, HOME: folder }, stdout: said, stderr: said })
    const isUp = () => ask(ofProxy, '/health').catch(() => '')
    while ((await isUp()) !== '200') {
      if (child.exitCode !== null) throw new Error(await said.text())
      await Bun.sleep(50)
    }
  })

  it('lets people sign in over TLS from the network that is named, and from no other', async () => {
    expect(await ask(inside, '/admin/sign-in')).toBe('200')
    for (const path of dashboardPaths) {
      const status = await ask(outside, path)
      expect([path, ['400', '403', '404'].includes(status)]).toEqual([path, true])
    }
  })

  it('passes on no address that somebody claims', async () => {
    expect(await ask(outside, '/admin/sign-in', '-H', `X-Forwarded-For: ${inside}`)).toBe('403')
  })

  afterAll(async () => {
    child?.kill()
    await child?.exited
  })
})

test.if(isInstalled('haproxy'))('what HAProxy needs for a path rule is taken by its check', async () => {
  const text = await Bun.file(join(import.meta.dir, '..', '..', 'docs', 'operating.md')).text()
  const [, rules = ''] = [...text.matchAll(/```haproxy\n([\s\S]*?) *```/g)].map(([, shown = '']) => shown)
  expect(rules.match(/normalize-uri/g)).toHaveLength(4)
  const path = join(folder, 'rules.conf')
  const frontend = rules.replace(
    'frontend casework',
    'frontend casework\n  mode http\n  timeout client 1m\n  bind 127.0.0.1:1',
  )
  writeFileSync(path, frontend)
  await output(['haproxy', '-c', '-f', path])
})
