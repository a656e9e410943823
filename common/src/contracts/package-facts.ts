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

export const PackageFactsSchema = z.object({
  /** Folder of the package, `""` for the root, and the name its users import it by (`serde_json`; of a go.mod the module path). */
  packages: z.array(z.object({ folder: z.string(), name: z.string(), targets: z.array(PackageTargetSchema) })),
})
/** What one language's manifests say of the packages of a repository: Cargo.toml, package.json, go.mod and the like. */
export interface PackageFacts {
  readonly packages: readonly { readonly folder: string; readonly name: string; readonly targets: readonly PackageTarget[] }[]
}
