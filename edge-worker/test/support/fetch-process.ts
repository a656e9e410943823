/** Runs the fetch stage once as a process of its own: `node fetch-process.js '<target as JSON>' <trusted origin>`; prints one JSON line. */
import { fetchTarget } from './fetch-run.js'

const [target = '', ...trustedOrigins] = process.argv.slice(2)
try {
  // The tests that start this file write the argument.
  const fetched = await fetchTarget(JSON.parse(target), { trustedOrigins })
  console.log(JSON.stringify({ files: fetched.files.length, commit_sha: fetched.repository.commit_sha }))
} catch (error) {
  const { code, message } = error as { code?: string; message: string }
  console.log(JSON.stringify({ code, message }))
}
