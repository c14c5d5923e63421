import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

/** The configuration that a page of the documentation shows in this language. */
export async function documented(page: string, language: string): Promise<string> {
  const text = await Bun.file(join(import.meta.dir, '..', '..', 'docs', page)).text()
  const shown = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1]
  if (shown === undefined) throw new Error(`docs/${page} shows no ${language}`)
  return shown
}

/** What nginx needs around a `server` in order to run in a folder of its own. */
export function nginxAround(server: string, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  return `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
http { access_log off; ${temporary} ${server} }`
}

type Place = { listen: number; reeve: number; folder: string; config: string }

type Kind = {
  program: string
  config: (place: Omit<Place, 'config'>) => Promise<string>
  command: (place: Place) => string[]
}

const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'filter', 'deflate']

/** Each as its users have it, compressing what they let it: with the documented configuration where there is one. */
export const proxies = {
  nginx: {
    program: 'nginx',
    config: async ({ listen, reeve, folder }) => {
      const server = (await documented('operating.md', 'nginx'))
        .replace('listen 443 ssl', `listen 127.0.0.1:${listen}`)
        .replace(/ *ssl_certificate.*\n/g, '')
        .replace('127.0.0.1:3000', `127.0.0.1:${reeve}`)
      const compressing = 'gzip on; gzip_proxied any; gzip_min_length 1; gzip_types application/json;'
      return nginxAround(`${compressing} ${server}`, folder)
    },
    command: ({ config, folder }) => ['nginx', '-c', config, '-p', folder],
  },
  HAProxy: {
    program: 'haproxy',
    config: async ({ listen, reeve }) =>
      (await documented('operating.md', 'haproxy'))
        .replace(/bind .*/, `bind 127.0.0.1:${listen}`)
        .replace('127.0.0.1:3000', `127.0.0.1:${reeve}`),
    command: ({ config }) => ['haproxy', '-db', '-f', config],
  },
  Apache: {
    program: 'apache2',
    config: async ({ listen, reeve, folder }) =>
      [
        `ServerRoot ${folder}\nServerName localhost\nPidFile ${folder}/pid\nErrorLog ${folder}/error.log`,
        `DefaultRuntimeDir ${folder}\nListen 127.0.0.1:${listen}`,
        ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
        // It refuses to work as root, and takes no notice of this line otherwise.
        'User www-data\nGroup www-data',
        'AddOutputFilterByType DEFLATE application/json',
        `ProxyPreserveHost On\nProxyPass / http://127.0.0.1:${reeve}/\n`,
      ].join('\n'),
    command: ({ config }) => ['apache2', '-DFOREGROUND', '-f', config],
  },
  Varnish: {
    program: 'varnishd',
    // It keeps news as long as it may, and asks again for events.
    config: async ({ reeve }) => `vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "${reeve}"; }
sub vcl_backend_response {
  set beresp.do_gzip = beresp.http.content-type ~ "json";
  if (bereq.url ~ "/events") { set beresp.ttl = 0.01s; set beresp.grace = 0s; set beresp.keep = 60s; }
}
`,
    command: ({ config, listen, folder }) =>
      [
        'varnishd',
        '-F',
        '-j',
        'none',
        '-n',
        folder,
        '-a',
        `127.0.0.1:${listen}`,
        '-T',
        'none',
        '-f',
        config,
      ].concat(['-s', 'malloc,16m']),
  },
} satisfies Record<string, Kind>

export type ProxyName = keyof typeof proxies
export type RunningProxy = { port: number; stop(): Promise<void> }

export const isInstalled = (name: ProxyName) => Bun.which(proxies[name].program) !== null

const readyWithinMs = 20_000

/** A proxy before the server that listens on this port, in a temporary folder. */
export async function startProxy(name: ProxyName, reeve: number): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-proxy-'))
  mkdirSync(join(folder, 'proxy'))
  const place = { listen: await freePort(), reeve, folder, config: join(folder, 'config') }
  writeFileSync(place.config, await proxies[name].config(place))
  const output = Bun.file(join(folder, 'output'))
  const child = Bun.spawn(proxies[name].command(place), { stdout: output, stderr: output })
  const stop = async () => {
    child.kill()
    await child.exited
    rmSync(folder, { recursive: true, force: true })
  }
  const isReady = () =>
    fetch(`http://127.0.0.1:${place.listen}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
  const deadline = Date.now() + readyWithinMs
  while (!(await isReady())) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const said = await output.text()
      await stop()
      throw new Error(`${name} did not start: ${said}`)
    }
    await Bun.sleep(20)
  }
  return { port: place.listen, stop }
}

/** Spellings of one page of the dashboard, to be sent as they are. */
export const dashboardPaths = [
  '/admin/sign-in',
  '/public/../admin/sign-in',
  '/public/%2e%2e/admin/sign-in',
  '/admin/./assets/../sign-in',
  '/x\\..\\admin/sign-in',
]
