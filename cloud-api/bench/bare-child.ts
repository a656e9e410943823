/** The least that could do the same work: a bare Express route, and one that only calls BullMQ's own `queue.add`. Started by api.ts. */
import type { AddressInfo } from 'node:net'
import { Queue } from 'bullmq'
import express from 'express'
import { Redis } from 'ioredis'

process.once('message', (message) => {
  // From api.ts, which is the only one to start this file.
  const { redisSocket, bodies } = message as { redisSocket: string; bodies: Record<string, unknown> }
  const queue = new Queue('bare', { connection: new Redis({ path: redisSocket, maxRetriesPerRequest: null }), prefix: 'bench' })
  const app = express()
  app.disable('x-powered-by')
  for (const [name, body] of Object.entries(bodies)) app.get(`/${name}`, (_request, response) => void response.json(body))
  app.post('/add/:name', async (request, response) => {
    const job = await queue.add('ingest', { repo_url: request.params.name, submitted_at: new Date().toISOString() })
    response.json({ job_id: Number(job.id) })
  })
  const server = app.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
})
