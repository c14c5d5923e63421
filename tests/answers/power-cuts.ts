import { Database } from 'bun:sqlite'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrations } from '../../src/db/sqlite/migrations'
import { createStore } from '../../src/db/sqlite/open'
import { systemClock } from '../../src/lib/clock'
import { canCutPower, cutEach, Disk, envOf } from '../support/power'
import { group } from './disk'
import { binary, newFolder, notTriedHere, type Row } from './place'

const create = (slug: string) => ['tenant', 'create', '--slug', slug, '--name', slug]

/** What is wrong with a disk after a cut; empty if nothing is. */
type Look = (
  disk: Disk,
  on: (...args: string[]) => Promise<{ code: number; out: string; err: string }>,
) => Promise<string>

/** Prepares a disk, then cuts the power at steps of a command on copies of it. */
async function cut(prepare: (disk: Disk) => Promise<void>, command: string[], look: Look): Promise<string> {
  if (!canCutPower()) return notTriedHere('needs root, loop devices, ext4 and strace')
  const { directory, run } = await binary()
  const whole = new Disk()
  try {
    whole.mount()
    await prepare(whole)
    whole.unmount()
    const faults: string[] = []
    const cuts = await cutEach(whole, [join(directory, 'reeve'), ...command], async (disk, step) => {
      const fault = await look(disk, (...args) => run(args, { env: envOf(disk) }))
      if (fault) faults.push(`after ${step.call} ${step.nth}: ${fault}`)
    })
    return faults.length === 0 ? `${cuts} cuts: nothing lost` : faults.join('; ')
  } finally {
    whole.remove()
  }
}

const unsound = async (on: Parameters<Look>[1]) => {
  const { code, out, err } = await on('check')
  return code === 0 ? '' : `check: ${out.match(/^FAILED.*/m)?.[0] ?? err}`
}

/** Backups that are no whole copy of a store. */
const badBackups = (data: string): string[] => {
  const folder = join(data, 'backups')
  const isWhole = (name: string) => {
    try {
      const copy = new Database(join(folder, name), { readonly: true })
      const { integrity_check } = copy.query('PRAGMA integrity_check').get() as { integrity_check: string }
      const isStore = copy.query('SELECT 1 FROM schema_migrations').get() !== null
      copy.close()
      return integrity_check === 'ok' && isStore
    } catch {
      return false
    }
  }
  return readdirSync(data).includes('backups')
    ? readdirSync(folder).filter((name) => name.endsWith('.db') && !isWhole(name))
    : []
}

const nothingLost = (answer: string) => /^\d+ cuts: nothing lost$/.test(answer)

export const powerCuts: readonly Row[] = [
  {
    group,
    does: 'cuts the power at steps of the first start, and goes on',
    answer: () =>
      cut(
        async () => {},
        create('avon'),
        async (_, on) => {
          const { code, err } = await on(...create('severn'))
          return code === 0 ? unsound(on) : err
        },
      ),
    isRight: nothingLost,
  },
  {
    group,
    does: 'cuts the power while the key is changed, and reads a resident',
    answer: async () => {
      const file = join(await newFolder(), 'cases.csv')
      writeFileSync(file, 'summary,residentName\nPothole,Margaret Hughes\n')
      return cut(
        async (disk) => {
          const { run } = await binary()
          for (const args of [create('avon'), ['import', 'cases', file, '--tenant', 'avon']])
            await run(args, { env: envOf(disk) })
        },
        ['rotate-key'],
        async (_, on) => {
          const { out } = await on('export', 'cases', '--tenant', 'avon', '--residents')
          return out.includes('Margaret Hughes') ? unsound(on) : 'the resident cannot be read'
        },
      )
    },
    isRight: nothingLost,
  },
  {
    group,
    does: 'cuts the power while a store of the version before is migrated, and migrates again',
    answer: () =>
      cut(
        async (disk) => {
          const { REEVE_DATA: data } = envOf(disk)
          mkdirSync(data)
          createStore(data, systemClock, migrations.slice(0, -1))
        },
        ['migrate'],
        async (disk, on) => {
          const { REEVE_DATA: data } = envOf(disk)
          const bad = badBackups(data)
          if (bad.length > 0) return `${bad.join()} is no backup`
          const { code, err } = await on('migrate')
          return code === 0 ? '' : err
        },
      ),
    isRight: nothingLost,
  },
]
