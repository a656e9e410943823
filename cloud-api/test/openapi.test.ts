import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import request from 'supertest'
import { openApiDocument } from '@doctown/common/contracts/http/openapi.js'
import { ROUTES } from '@doctown/common/contracts/http/routes.js'
import { stableJson } from '@doctown/common/runtime/canonical-json.js'
import { repositoryRoot } from '@doctown/common/runtime/repository-root.js'
import { startTestApp } from './support/test-app.js'

type Json = Record<string, unknown>
const document = JSON.parse(JSON.stringify(openApiDocument(ROUTES))) as {
  openapi: string
  paths: Record<string, Record<string, Json>>
  components: { schemas: Json }
}

describe('docs/openapi.json', () => {
  it('is what the table of routes makes (npm run openapi writes it anew)', () => {
    assert.equal(readFileSync(join(repositoryRoot(), 'docs', 'openapi.json'), 'utf8'), stableJson(openApiDocument(ROUTES)))
  })

  it('is what the service answers with', async () => {
    const api = await startTestApp()
    const { body } = await request(api.server)
      .get('/openapi.json')
      .expect(200)
      .expect('content-type', /^application\/json/)
    await api.close()
    assert.deepEqual(body, document)
  })

  it('refers only to what it has', () => {
    const missing: string[] = []
    const walk = (value: unknown): void => {
      if (value === null || typeof value !== 'object') return
      for (const [key, inner] of Object.entries(value)) {
        if (key === '$ref' && typeof inner === 'string') {
          const found = inner
            .replace(/^#\//, '')
            .split('/')
            .reduce<unknown>((at, name) => (at as Json | undefined)?.[name], document)
          if (found === undefined) missing.push(inner)
        } else walk(inner)
      }
    }
    walk(document)
    assert.deepEqual(missing, [])
  })

  it('names every parameter of a path, one operation a row, and an error schema for each error', () => {
    assert.equal(document.openapi, '3.1.0')
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).map((operation) => ({ path, operation })),
    )
    assert.equal(operations.length, Object.keys(ROUTES).length)
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)
      const declared = (operation['parameters'] as { in: string; name: string }[])
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => name)
      assert.deepEqual(declared, inPath, path)
      for (const [status, response] of Object.entries(operation['responses'] as Record<string, Json>)) {
        assert.ok(typeof response['description'] === 'string' && response['description'].length > 2, `${path} ${status}`)
        if (Number(status) >= 400 && path !== '/health')
          assert.ok(JSON.stringify(response).includes('#/components/schemas/Error'), `${path} ${status}`)
      }
    }
  })
})
