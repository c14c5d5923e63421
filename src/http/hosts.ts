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

/** Whether a request with this Host header is for us; its port does not matter. */
export function isAllowedHost(header: string | null, config: Config): boolean {
  if (header === null) return false
  return allowedHosts(config).has(header.toLowerCase().replace(/:\d*$/, ''))
}

/** Whether others than this machine reach Reeve without TLS, as far as its settings tell. */
export const isReachedPlainly = ({ host, publicUrl }: Config): boolean =>
  !isLoopbackHost(host) && !publicUrl?.startsWith('https://')
