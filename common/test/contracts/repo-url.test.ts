import assert from 'node:assert/strict'
import { DoctownError } from '../../src/contracts/errors.js'
import { parseAllowedHosts, parseAnyRepoUrl, parseGitRef, parseRepoUrl } from '../../src/contracts/repo-url.js'

const allowed = parseAllowedHosts('github.com, http://127.0.0.1:4711')
const refused = (raw: string): void => {
  assert.throws(
    () => parseRepoUrl(raw, allowed),
    (error: unknown) => error instanceof DoctownError && error.code === 'invalid_repo_url',
    raw,
  )
}

describe('a repository address', () => {
  it('has one spelling whatever a person writes', () => {
    for (const raw of [
      'github.com/User/Repo',
      'https://github.com/User/Repo',
      'https://GitHub.com/User/Repo.git/',
      'github.com/User/Repo.git',
    ]) {
      assert.equal(parseRepoUrl(raw, allowed).repo_url, 'github.com/User/Repo', raw)
      assert.equal(parseRepoUrl(raw, allowed).clone_url, 'https://github.com/User/Repo.git', raw)
    }
  })

  it('is refused in every trick form', () => {
    const tricks = [
      '',
      'https://127.0.0.1/o/r',
      'http://github.com/o/r',
      'git@github.com:o/r.git',
      'file:///etc/passwd',
      'https://github.com/o/r/tree/main',
      'https://github。com/o/r',
      'https://ｇithub.com/o/r',
      'https://git\nhub.com/o/r',
      'https:github.com/o/r',
      '\thttps://github.com/o/r',
      'https://github.com@evil.example/o/r',
      'https://user:pass@github.com/o/r',
      'https://github.com:443/o/r',
      'https://github.com/o/r?x=1',
      'https://github.com/o/r#x',
      'https://github.com/o/..',
      'https://github.com/../r',
      'https://github.com/o/%2e%2e',
      'https://github.com//r',
      'https://github.com/o',
      'https://github.com.evil.example/o/r',
      'https://2130706433/o/r',
      'ssh://github.com/o/r',
      'https://github.com/o/r\u0000',
      `https://github.com/o/${'r'.repeat(400)}`,
    ]
    for (const raw of tricks) refused(raw)
  })

  it('of an origin that is trusted by name may be http, have a port and one segment', () => {
    const address = parseRepoUrl('127.0.0.1:4711/walkdir.git', allowed)
    assert.deepEqual(address, { repo_url: '127.0.0.1:4711/walkdir', clone_url: 'http://127.0.0.1:4711/walkdir.git', trusted: true })
    refused('127.0.0.1:4712/walkdir.git')
    refused('https://127.0.0.1:4711/walkdir.git')
  })

  it('on the command line may be on any https host, and on a trusted origin as before', () => {
    assert.deepEqual(parseAnyRepoUrl('https://GitLab.example/group/sub/name.git'), {
      repo_url: 'gitlab.example/group/sub/name',
      clone_url: 'https://gitlab.example/group/sub/name.git',
      trusted: false,
    })
    assert.equal(parseAnyRepoUrl('forge.example:8443/o/r').clone_url, 'https://forge.example:8443/o/r.git')
    assert.equal(parseAnyRepoUrl('github.com/o/r', allowed).repo_url, 'github.com/o/r')
    assert.deepEqual(parseAnyRepoUrl('http://127.0.0.1:4711/walkdir.git', allowed), parseRepoUrl('127.0.0.1:4711/walkdir.git', allowed))
    const tricks = [
      'http://github.com/o/r',
      'https://github.com/o',
      'github/o/r',
      'https://a.b@c.example/o/r',
      'https://github。com/o/r',
      'https://x.example/o/..',
    ]
    for (const raw of [
      ...tricks,
      'git@github.com:o/r.git',
      'file:///etc/passwd',
      'https://x.example:99999/o/r',
      './folder/x',
      '',
      'http://127.0.0.1:4712/r',
    ]) {
      assert.throws(() => parseAnyRepoUrl(raw, allowed), DoctownError, raw)
    }
  })

  it('takes a ref that git would take and no other', () => {
    for (const ref of ['main', 'v1.0.0', 'feature/x', 'a1b2c3d']) assert.equal(parseGitRef(ref), ref)
    for (const ref of ['-x', 'a..b', 'a b', 'a:b', '/a', 'a/', 'a.lock', '@', 'a@{1}', '.a', 'x\n']) {
      assert.throws(() => parseGitRef(ref), DoctownError, ref)
    }
    assert.equal(parseGitRef(''), null)
  })
})
