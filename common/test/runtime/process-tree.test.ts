import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { samplePeakBytes } from '../../src/runtime/process-tree.js'

describe('the memory of a process tree', () => {
  it('counts a child in the sum, and tells the largest single process apart', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log("up")'])
    try {
      await once(child.stdout, 'data')
      const { tree, process: largest } = samplePeakBytes().stop()
      assert.ok(largest > 10e6, `${largest}`)
      assert.ok(tree > largest + 10e6, `${tree} and ${largest}`)
    } finally {
      child.kill()
      await once(child, 'exit')
    }
  })
})
