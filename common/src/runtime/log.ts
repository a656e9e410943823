import { pino, type Logger } from 'pino'

/** A constant phrase with facts in fields. */
export interface StructuredLog {
  debug(message: string, facts?: Readonly<Record<string, unknown>>): void
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void
  error(message: string, facts?: Readonly<Record<string, unknown>>): void
  /** Adds context once, on the way in: process, then job, then stage. */
  with(context: Readonly<Record<string, unknown>>): StructuredLog
}

export interface LogOptions {
  readonly level: string
  readonly process: string
  /** 1 = standard output, 2 = standard error (the command line keeps standard output for its answer). */
  readonly destination: 1 | 2
  /** Production logs carry no stack. */
  readonly stacks: boolean
}

const REDACTED = ['token', 'authorization', 'secret', 'password', 'key', 'cookie']

/** JSON lines by pino. Newlines in values are escaped by JSON, so no input can make a log line of its own. */
export function createLog(options: LogOptions): StructuredLog {
  const logger = pino(
    {
      level: options.level,
      base: { process: options.process },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
      serializers: {
        error: (value: unknown) => {
          if (!(value instanceof Error)) return value
          const code = (value as { code?: unknown }).code
          const cause = value.cause instanceof Error ? value.cause.message : undefined
          return { name: value.name, code, message: value.message, cause, ...(options.stacks ? { stack: value.stack } : {}) }
        },
      },
    },
    pino.destination({ dest: options.destination, sync: true }),
  )
  return wrap(logger)
}

/** Says nothing. */
export const silentLog: StructuredLog = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
}

function wrap(logger: Logger): StructuredLog {
  return {
    debug: (message, facts = {}) => logger.debug(facts, message),
    info: (message, facts = {}) => logger.info(facts, message),
    warn: (message, facts = {}) => logger.warn(facts, message),
    error: (message, facts = {}) => logger.error(facts, message),
    with: (context) => wrap(logger.child(context)),
  }
}
