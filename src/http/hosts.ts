import type { Config } from '../config'
import { isLoopbackHost } from '../lib/address'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

const sets = new WeakMap<Config, ReadonlySet<string>>()

function allowedHosts(config: Config): ReadonlySet<string> {
  let hosts = sets.get(config)
  if (!hosts) {
    const own = config.host.includes(':') ? `[${config.host}]` : config.host
    const publicHost = config.publicUrl === null ? [] : [new URL(config.publicUrl).hostname]
    hosts = new Set([...loopbackNames, own.toLowerCase(), ...publicHost, ...config.allowedHosts])
    sets.set(config, hosts)
  }
  return hosts
}

const maxPort = 65_535

/** Ignores the port, if it is one. */
export function isAllowedHost(header: string | null, config: Config): boolean {
  const [, name = '', port = ''] = /^(.*?)(?::(\d*))?$/.exec(header ?? '') ?? []
  return Number(port) <= maxPort && allowedHosts(config).has(name.toLowerCase())
}

/** True if, by its settings, other machines can reach Reeve without TLS. */
export const isReachedPlainly = ({ host, publicUrl }: Config): boolean =>
  !isLoopbackHost(host) && !publicUrl?.startsWith('https://')
