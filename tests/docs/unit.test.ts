import { expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectories } from '../support/store'

const newDirectory = temporaryDirectories()
const root = join(import.meta.dir, '..', '..')
const text = readFileSync(join(root, 'docs', 'operating.md'), 'utf8')
const unit = /```ini\n([\s\S]*?)```/.exec(text)?.[1] ?? ''

/** The rating that the documentation promises, from 0 (best) to 10. */
const promised = Number(/rates it (\d\.\d)/.exec(text)?.[1])

test('the documented unit lets Reeve compile its program, and its commands have its directory', () => {
  expect(unit).not.toContain('MemoryDenyWriteExecute')
  const directory = /REEVE_DATA=(\S+)/.exec(unit)?.[1] as string
  expect(directory).toEndWith(`/${/StateDirectory=(\S+)/.exec(unit)?.[1]}`)
  const user = /User=(\S+)/.exec(unit)?.[1]
  expect(text).toContain(`sudo --user ${user} env REEVE_DATA=${directory} reeve `)
})

test.if(Bun.which('systemd-analyze') !== null)('the documented unit is rated as it is said to be', () => {
  const path = join(newDirectory(), 'reeve.service')
  writeFileSync(path, unit)
  const { stdout } = Bun.spawnSync(['systemd-analyze', 'security', '--offline=true', '--no-pager', path])
  const rated = /Overall exposure level for reeve\.service: (\d+\.\d)/.exec(stdout.toString())?.[1]
  expect(Number(rated)).toBeLessThanOrEqual(promised)
})
