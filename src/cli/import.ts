import { existsSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import type { Ctx } from '../core/ctx'
import type { ImportCounts } from '../core/upsert'
import { AppError } from '../lib/errors'
import { parseCategories } from '../resources/categories/import'
import { importCategories, previewCategories } from '../resources/categories/service'
import { parseWards } from '../resources/wards/import'
import { importWards, previewWards } from '../resources/wards/service'
import { print, printJson, withTenant } from './support'

const maxFileBytes = 256 * 1024 * 1024

type Kind<Input> = {
  name: string
  description: string
  parse: (bytes: Uint8Array) => Input[]
  preview: (ctx: Ctx, inputs: Input[]) => Promise<ImportCounts>
  save: (ctx: Ctx, inputs: Input[], onRow: () => void) => Promise<ImportCounts>
}

export function addImportCommand(program: Command): void {
  const command = program.command('import').description('bring in data from files, all or nothing')
  addKind(command, {
    name: 'wards',
    description: 'GeoJSON, or CSV with names as in ONS files (WD24CD, WD24NM, WD24NMW) or Reeve’s own',
    parse: parseWards,
    preview: previewWards,
    save: importWards,
  })
  addKind(command, {
    name: 'categories',
    description: 'CSV: name, slug, group, description, visibility, active, targetDays, dayType',
    parse: parseCategories,
    preview: previewCategories,
    save: importCategories,
  })
}

function addKind<Input>(command: Command, { name, description, parse, preview, save }: Kind<Input>): void {
  command
    .command(`${name} <file>`)
    .description(description)
    .requiredOption('--tenant <slug>', 'the council')
    .option('--dry-run', 'only say what would be done')
    .option('--json', 'print JSON')
    .action((file: string, { tenant, dryRun, json }) =>
      withTenant(tenant, async (ctx) => {
        const inputs = parse(await readFile(file))
        const progress = progressBar(name, inputs.length)
        const counts = dryRun ? await preview(ctx, inputs) : await save(ctx, inputs, progress.step)
        progress.end()
        if (json) return printJson({ ...counts, dryRun: dryRun === true })
        const { created, updated, unchanged } = counts
        print(
          `${dryRun ? 'Would import' : 'Imported'} ${name}: ${created} new, ${updated} changed, ${unchanged} unchanged.`,
        )
      }),
    )
}

async function readFile(path: string): Promise<Uint8Array> {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new AppError('not_found', `There is no file ${path}`)
  if (statSync(path).size > maxFileBytes) throw new AppError('too_large', `${path} is larger than 256 MiB`)
  return Bun.file(path).bytes()
}

const barWidth = 30

/** A bar on the terminal, nothing where the output goes to a file. */
function progressBar(label: string, total: number): { step: () => void; end: () => void } {
  if (!process.stderr.isTTY) return { step() {}, end() {} }
  let done = 0
  let shown = -1
  const step = () => {
    done++
    const filled = Math.floor((done / total) * barWidth)
    if (filled === shown) return
    shown = filled
    process.stderr.write(`\r${label} [${'#'.repeat(filled).padEnd(barWidth)}] ${done}/${total}`)
  }
  return { step, end: () => void process.stderr.write('\r\x1b[K') }
}
