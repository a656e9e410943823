/** Prints the digest of the vectors trained in this process. */
import { createHash } from 'node:crypto'
import { trainStage } from '../../../../src/stages/train/stage.js'
import { stageContext } from '../../context.js'
import { hiddenRule } from './hidden-rule.js'

const { structure } = await trainStage.run(hiddenRule(20), stageContext({ providers: ['cpu'], threads: 1 }, { seed: 1 }))
console.log(createHash('sha256').update(new Uint8Array(structure.values.buffer)).digest('hex'))
