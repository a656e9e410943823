import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256Hex } from '@doctown/common/runtime/bytes.js'
import { doctown } from '../support/doctown.js'
import { makeWalkdirRepository } from '../support/walkdir-repository.js'

describe('one commit', () => {
  it('gives the same docpack bytes in two folders, two processes, two time zones and locales', async function () {
    this.timeout(60_000)
    const work = await mkdtemp(join(tmpdir(), 'doctown-same-'))
    try {
      const first = join(work, 'a', 'walkdir')
      await makeWalkdirRepository(first)
      const second = join(work, 'another', 'deeper', 'walkdir')
      await cp(first, second, { recursive: true })
      const builds: { folder: string; environment: Record<string, string> }[] = [
        { folder: first, environment: { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' } },
        { folder: second, environment: { TZ: 'Pacific/Chatham', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', PARSE_PROCESSES: '1' } },
      ]
      const digests: string[] = []
      for (const [index, { folder, environment }] of builds.entries()) {
        const out = join(work, `${index}.docpack`)
        const ran = await doctown(['build', folder, '--json', '--out', out], { environment })
        assert.equal(ran.code, 0, ran.stderr)
        digests.push(sha256Hex(await readFile(out)))
      }
      assert.equal(digests[0], digests[1])
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  })
})
