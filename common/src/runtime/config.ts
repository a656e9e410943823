import { z } from 'zod'
import { DoctownError } from '../contracts/errors.js'
import { Secret } from '../contracts/secret.js'

/** Reads the environment through one schema; a bad start lists every wrong variable at once. Throws `config_invalid`. */
export function loadConfig<T extends z.ZodType>(schema: T, environment: Readonly<Record<string, string | undefined>>): z.infer<T> {
  // An empty value in a .env file means "not set".
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const result = schema.safeParse(set)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`)
  throw new DoctownError('config_invalid', `These settings are wrong: ${problems.join('; ')}. Correct them and start again.`, {
    details: { problems },
  })
}

/** A whole number in a variable. */
export const integerSetting = (options: { min: number; max: number }): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${options.min} to ${options.max}`)
    .transform(Number)
    .refine((value) => value >= options.min && value <= options.max, `must be a whole number from ${options.min} to ${options.max}`)

export const booleanSetting = z
  .enum(['true', 'false', '1', '0'], 'must be true or false')
  .transform((value) => value === 'true' || value === '1')

export const secretSetting = (minLength = 1): z.ZodType<Secret, string> =>
  z
    .string()
    .min(minLength, `must have at least ${minLength} characters`)
    .transform((value) => new Secret(value))

export const portSetting = integerSetting({ min: 0, max: 65535 })

export const urlSetting = (protocols: readonly string[]): z.ZodType<string, string> =>
  z.string().refine(
    (value) => {
      try {
        return protocols.includes(new URL(value).protocol)
      } catch {
        return false
      }
    },
    `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  )
