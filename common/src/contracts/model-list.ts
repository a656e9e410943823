import { z } from 'zod'

/** A file of a model. `url` is absolute, or relative to `MODELS_URL`. */
export const ModelFileSchema = z.object({
  /** Its name in the model's folder, no path. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be a plain file name'),
  url: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'),
  bytes: z.number().int().positive(),
})
export type ModelFile = z.infer<typeof ModelFileSchema>

export const KnownModelSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be lower-case letters, digits, dots, dashes'),
  dimensions: z.number().int().positive(),
  license: z.string(),
  files: z.array(ModelFileSchema).min(1),
})
export type KnownModel = z.infer<typeof KnownModelSchema>

/** `models.json` of the repository: models that `doctown models pull` can fetch, every byte pinned. */
export const ModelListSchema = z.object({ models: z.array(KnownModelSchema) })
