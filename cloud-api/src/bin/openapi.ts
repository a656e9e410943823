/** Writes docs/openapi.json from the table of routes: `npm run openapi`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument } from '@doctown/common/contracts/http/openapi.js'
import { ROUTES } from '@doctown/common/contracts/http/routes.js'
import { stableJson } from '@doctown/common/runtime/canonical-json.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'

writeFileSync(join(repositoryRoot(), 'docs', 'openapi.json'), stableJson(openApiDocument(ROUTES)))
