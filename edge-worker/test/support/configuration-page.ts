import { ApiConfigSchema } from '@doctown/cloud-api/config.js'
import { configurationTable } from '@doctown/common/runtime/config-docs.js'
import { WorkerConfigSchema } from '../../src/config.js'

/** docs/configuration.md as it must be. */
export const configurationPage = (): string =>
  [
    '<!-- Generated from the config schemas by `npm run docs`; do not edit. -->',
    '',
    '# Settings',
    '',
    'Everything is optional for `npm start`. A process that starts with a wrong setting lists every wrong one and ends with exit code 2.',
    '`doctown build` reads the worker settings that concern the build itself.',
    '',
    configurationTable([
      { process: 'cloud API', schema: ApiConfigSchema },
      { process: 'edge worker', schema: WorkerConfigSchema },
    ]),
  ].join('\n')
