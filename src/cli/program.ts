import { Command, CommanderError, type Option } from 'commander'
import { AppError, type Issue } from '../lib/errors'
import { placeName, type RowFault } from '../lib/import-file'
import { nearest } from '../lib/nearest'
import { version } from '../lib/version'
import { addCheckCommand } from './check'
import { addConfigCommand } from './config'
import { addCopyCommand } from './copy'
import { addDevCommand } from './dev'
import { addEraseCommand } from './erase'
import { addExportCommand } from './export'
import { addHealthCommand } from './health'
import { addImportCommand } from './import'
import { addKeyCommand } from './key'
import { addMigrateCommand } from './migrate'
import { addOpenApiCommand } from './openapi'
import { addRotateKeyCommand } from './rotate-key'
import { addServeCommand } from './serve'
import { addTenantCommand } from './tenant'
import { addUserCommand } from './user'
import { addVersionCommand } from './version'

/** Names an option that does not exist before one that is missing: it is often the same, misspelt. */
class ReeveCommand extends Command {
  override createCommand(name?: string): Command {
    return new ReeveCommand(name)
  }

  missingMandatoryOptionValue({ flags }: Option): void {
    const unknown = this.args.find((given) => given.startsWith('--'))
    if (unknown === undefined) this.error(`error: required option '${flags}' not specified`)
    const known = this.options.flatMap(({ long }) => long ?? [])
    this.error(`error: unknown option '${unknown}'\n(Did you mean ${nearest(unknown, known, 1)}?)`)
  }
}

function createProgram(): Command {
  const program = new ReeveCommand('reeve')
    .description('Casework for UK councils and councillors: server, database and API in one file.')
    .version(version, '-V, --version')
    .showHelpAfterError('(add --help for usage)')
    .configureHelp({ sortSubcommands: false })
  addServeCommand(program)
  addDevCommand(program)
  addTenantCommand(program)
  addUserCommand(program)
  addKeyCommand(program)
  addImportCommand(program)
  addExportCommand(program)
  addEraseCommand(program)
  addCheckCommand(program)
  addRotateKeyCommand(program)
  addCopyCommand(program)
  addMigrateCommand(program)
  addOpenApiCommand(program)
  addConfigCommand(program)
  addHealthCommand(program)
  addVersionCommand(program)
  overrideExit(program)
  return program
}

/** Wrong use must throw, in sub-commands too, instead of calling `process.exit`. */
function overrideExit(command: Command): void {
  command.exitOverride()
  command.commands.forEach(overrideExit)
}

const isClosedPipe = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EPIPE'

/**
 * The reader of our output may have seen enough, as `head` has: what has begun is finished all the same, and nothing is
 * said.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!isClosedPipe(error)) throw error
    })
  }
}

/** Runs a command line; returns the exit code: 0 done, 1 failed, 2 wrong use. */
export async function run(args: readonly string[]): Promise<number> {
  outliveReaders()
  const program = createProgram()
  if (args.length === 0) {
    program.outputHelp()
    return 0
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (isClosedPipe(error)) return 0
    return report(error)
  }
}

function report(error: unknown): number {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`reeve: ${error.message}\n`)
  for (const row of asRows(error.details.rows)) {
    process.stderr.write(`  ${placeName(row)}: ${row.reason}\n`)
  }
  for (const { path, message } of asIssues(error.details.issues)) {
    process.stderr.write(`  ${path}: ${message}\n`)
  }
  if (error.cause instanceof Error) process.stderr.write(`  (${error.cause.message})\n`)
  return 'faults' in error.details ? 2 : 1
}

const asIssues = (issues: unknown) => (Array.isArray(issues) ? (issues as Issue[]) : [])

const asRows = (rows: unknown) => (Array.isArray(rows) ? (rows as RowFault[]) : [])
