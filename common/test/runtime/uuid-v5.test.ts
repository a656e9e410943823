import assert from 'node:assert/strict'
import { uuidV5 } from '../../src/runtime/uuid-v5.js'

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
const URL_NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8'

describe('a UUID of a name', () => {
  it('is the one of the published examples', () => {
    // RFC 9562, appendix A.4
    assert.equal(uuidV5(DNS, 'www.example.com'), '2ed6657d-e927-568b-95e1-2665a8aea6a2')
    // Python's documentation of uuid.uuid5
    assert.equal(uuidV5(DNS, 'python.org'), '886313e1-3b8a-5372-9b90-0c9aee199e5d')
    assert.equal(uuidV5(URL_NAMESPACE, 'http://python.org/'), '4c565f0d-3f5a-5890-b41b-20cf47701c5e')
  })

  it('takes the namespace in any case and the name as UTF-8', () => {
    assert.equal(uuidV5(DNS.toUpperCase(), 'é'), uuidV5(DNS, 'é'))
    assert.notEqual(uuidV5(DNS, 'é'), uuidV5(DNS, 'e'))
  })
})
