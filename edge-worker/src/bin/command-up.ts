/** `doctown up`: Redis, cloud API, worker and web page on this machine. */
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { DoctownError } from '@doctown/common/contracts/errors.js'
import { createBullmqJobQueue } from '@doctown/common/ports/queue/bullmq-job-queue.js'
import { loadConfig } from '@doctown/common/runtime/config.js'
import { Lifecycle } from '@doctown/common/runtime/lifecycle.js'
import { createLog } from '@doctown/common/runtime/log.js'
import { startPrivateRedis } from '@doctown/common/runtime/private-redis.js'
import { adminToken } from '../cli/admin-token.js'
import type { Console } from '../cli/console.js'
import type { UpFlags } from '../cli/program.js'
import { readTarget } from '../cli/target.js'
import { upCommand } from '../cli/up.js'
import { WorkerConfigSchema } from '../config.js'
import { openDataFolder } from '../worker/data-folder.js'
import { createObjectStore } from './stores.js'

export const runUpCommand = async (flags: UpFlags, console: Console, interrupted: AbortSignal): Promise<number> => {
  const config = loadConfig(WorkerConfigSchema, { ...process.env, ...(flags.data === null ? {} : { DOCTOWN_DATA: flags.data }) })
  const log = createLog({ level: process.env['LOG_LEVEL'] ?? 'warn', process: 'doctown', destination: 2, stacks: true })
  const lifecycle = new Lifecycle(log)
  try {
    const folder = await openDataFolder(config.DOCTOWN_DATA)
    const { token, file } = await adminToken(folder.path, process.env['PHAROS_ADMIN_TOKEN'])
    const redisUrl =
      process.env['REDIS_URL'] ??
      lifecycle.register(
        'redis',
        await startPrivateRedis({ dataFolder: join(folder.path, 'redis'), searchPath: process.env['PATH'] ?? '', log }),
        (redis) => redis.stop(),
      ).url
    const target = flags.ingest === null ? null : readTarget(flags.ingest, null, config.ALLOWED_GIT_HOSTS)
    return await upCommand({
      port: flags.port ?? (flags.once ? 0 : Number(process.env['PORT'] || 8080)),
      dataFolder: folder.path,
      redisUrl,
      adminToken: token,
      tokenFile: file,
      target,
      once: flags.once,
      ttlSeconds: config.TASK_TTL_SECONDS,
      serverEntry: createRequire(import.meta.url).resolve('@doctown/cloud-api/bin/server.js'),
      workerEntry: join(import.meta.dirname, 'worker.js'),
      environment: process.env,
      openQueue: () => createBullmqJobQueue({ redisUrl, log }),
      docpackFile: async (docpackId, key) => {
        const path = join(folder.objects, key)
        if (config.BUCKET_ENDPOINT === undefined) return path
        const store = lifecycle.register('object store', await createObjectStore(config, folder), (opened) => opened.close())
        const bytes = await store.get(key)
        if (bytes === undefined) throw new DoctownError('not_found', `The docpack ${docpackId} is not in the bucket.`)
        const copy = join(folder.path, `${docpackId}.docpack`)
        await writeFile(copy, bytes)
        return copy
      },
      lifecycle,
      signal: interrupted,
      console,
    })
  } finally {
    await lifecycle.close()
  }
}
