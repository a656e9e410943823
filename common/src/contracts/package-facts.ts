import { z } from 'zod'

const PackageTargetSchema = z.object({
  /** Relative to the repository's root, as the manifest names it: of a package.json often what a build makes (`dist/index.js`), not the source. */
  file: z.string(),
  /** What its users import it by: the crate it is the root of; of a package.json `pkg` or `pkg/sub`. */
  name: z.string(),
  /** Its users import it; false for binaries, tests, benches and examples. */
  library: z.boolean(),
})
/** A root file that a manifest names itself, where the convention (`src/lib.rs`) would not find it. */
export type PackageTarget = Readonly<z.infer<typeof PackageTargetSchema>>

/** How a package is built, as far as it decides which of its items exist. Told by Cargo.toml and build.rs alone. */
const PackageBuildSchema = z.object({
  /** Features that are on by default or in the documentation that the package asks docs.rs for. */
  features: z.array(z.string()),
  /** Those of them that are on by default. */
  default_features: z.array(z.string()),
  /** Words in the strings of its build script, which may set a `cfg` of that name. */
  build_script_words: z.array(z.string()),
  /** Its library is one of procedural macros: nothing else of it can be reached. */
  proc_macro: z.boolean(),
})
export type PackageBuild = Readonly<z.infer<typeof PackageBuildSchema>>

const PackageSchema = z.object({
  /** Folder of the package, `""` for the root. */
  folder: z.string(),
  /** The name its users import it by (`serde_json`; of a go.mod the module path). */
  name: z.string(),
  targets: z.array(PackageTargetSchema),
  build: PackageBuildSchema.optional(),
})

export const PackageFactsSchema = z.object({ packages: z.array(PackageSchema) })
/** What one language's manifests say of the packages of a repository: Cargo.toml, package.json, go.mod and the like. */
export interface PackageFacts {
  readonly packages: readonly Readonly<z.infer<typeof PackageSchema>>[]
}
