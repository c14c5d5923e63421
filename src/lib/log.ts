export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]
export const logFormats = ['json', 'pretty'] as const
export type LogFormat = (typeof logFormats)[number]

export type LogFields = Record<string, unknown>
export type Log = Record<LogLevel, (message: string, fields?: LogFields) => void>

type LogOptions = { level: LogLevel; format: LogFormat; now: () => Date; write: (line: string) => void }

/** One line for each entry, as JSON or for reading. Errors are logged with their stack and causes. */
export function createLog({ level, format, now, write }: LogOptions): Log {
  const threshold = logLevels.indexOf(level)
  const at =
    (entryLevel: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(entryLevel) < threshold) return
      const time = now().toISOString()
      const plain = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, describe(value)]))
      write(
        format === 'json'
          ? `${JSON.stringify({ time, level: entryLevel, message, ...plain })}\n`
          : `${time.slice(11, 23)} ${entryLevel.toUpperCase().padEnd(5)} ${message} ${pretty(plain)}\n`,
      )
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

const maxCauses = 5

function describe(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error)) return typeof value === 'bigint' ? String(value) : value
  const own = value.stack ?? `${value.name}: ${value.message}`
  return value.cause === undefined || depth >= maxCauses
    ? own
    : `${own}\ncaused by ${String(describe(value.cause, depth + 1))}`
}

const pretty = (fields: LogFields) =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
