/** Whether users include this file: a header outside of the folders and names that projects keep for themselves. */
export function isPublicHeader(path: string): boolean {
  if (!HEADER.test(path)) return false
  const parts = path.split('/')
  const name = parts.pop() ?? ''
  return (
    !parts.some((part) => PRIVATE_FOLDERS.has(part.toLowerCase())) &&
    !/(?:^|[_-])(?:internals?|impl|priv(?:ate)?|p|test(?:s|ing)?)\.[a-z]+$/i.test(name)
  )
}

const HEADER = /\.(?:h|hh|hpp|hxx|ipp|inl|inc)$/
const PRIVATE_FOLDERS = new Set(
  (
    'internal internals private priv detail details impl test tests testing unittest unittests unit-tests example examples sample samples demo demos ' +
    'bench benchmark benchmarks fuzz fuzzing fuzzers contrib third_party third-party thirdparty vendor deps external node_modules'
  ).split(' '),
)

/** Namespaces that their authors ask nobody to use. */
export function isPrivateNamespace(name: string): boolean {
  return /^(?:detail|details|internal|internals|impl|priv|private|_.*|.*_(?:internal|detail|impl))$/.test(name)
}
