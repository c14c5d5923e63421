import type { Command } from 'commander'
import { loadConfig } from '../config'
import { AppError } from '../lib/errors'
import { serverAddress } from './options'
import { print } from './support'

const timeoutMs = 5_000

export function addHealthCommand(program: Command): void {
  program
    .command('health')
    .description('ask the running server whether it is ready; exit 0 or 1')
    .option('--url <url>', 'address of the server; default: the configured address', serverAddress)
    .action(async ({ url }) => {
      const { host, port } = loadConfig()
      const name = host.includes(':') ? `[${host}]` : host
      const address = `${url ?? `http://${name}:${port}`}/ready`
      const answer = await fetch(address, {
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'manual',
      }).catch((cause) => {
        throw new AppError('unavailable', `${address} does not answer`, {}, cause)
      })
      if (!answer.ok) throw new AppError('unavailable', `${address} answered ${answer.status}`)
      print(`${address} is ready`)
    })
}
