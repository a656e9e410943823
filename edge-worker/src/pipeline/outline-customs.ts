import type { SymbolType } from '@doctown/common/contracts/symbol.js'

/** How a line of some languages opens a definition; the group `name` is what it defines. */
export interface DefinitionLine {
  readonly line: RegExp
  readonly type: SymbolType
  /** Only inside a type or at the top: elsewhere such a line may be a call. */
  readonly isMember?: boolean
}

export interface Customs {
  readonly definitions: readonly DefinitionLine[]
  /** A definition goes on to the next one, because its lines stand no further in: Haskell, Erlang. */
  readonly flat?: boolean
}

const define = (type: SymbolType, line: RegExp, isMember = false): DefinitionLine => ({ line, type, isMember })

/** Words that may stand before `class` or a function; annotations on the same line too. */
const MODIFIERS =
  '(?:(?:@[\\w.]+(?:\\([^)]*\\))?|\\[[^\\]]*\\]|(?:public|private|protected|internal|fileprivate|open|final|sealed|abstract|static|async|override|virtual|partial|' +
  'readonly|extern|unsafe|inline|noinline|crossinline|suspend|operator|infix|tailrec|data|value|inner|annotation|expect|actual|external|implicit|lazy|case|mutating|' +
  'nonmutating|convenience|required|indirect|class|distributed|nonisolated|isolated|companion|export|pub|default|const|base|mixin|covariant|factory|late|new|ref|local|transparent|' +
  'opaque|given|package)(?:\\([^)]*\\))?)\\s+)*'
const NAME = '(?<name>`[^`]+`|[\\p{L}_$][\\p{L}\\p{N}_$]*)'
const line = (pattern: string): RegExp => new RegExp(`^\\s*${pattern}`, 'u')

const TYPES = [
  define('class', line(`${MODIFIERS}(?:class|object|record(?:\\s+(?:class|struct))?|actor|mixin(?:\\s+class)?)\\s+${NAME}`)),
  define('struct', line(`${MODIFIERS}(?:struct|union)\\s+${NAME}`)),
  define('enum', line(`${MODIFIERS}enum(?:\\s+class)?\\s+${NAME}`)),
  define('interface', line(`${MODIFIERS}(?:fun\\s+)?(?:interface|protocol)\\s+${NAME}`)),
  define('trait', line(`${MODIFIERS}trait\\s+${NAME}`)),
  define('impl', line(`${MODIFIERS}extension(?:\\s+type)?\\s+(?:on\\s+)?${NAME}`)),
  define('module', line('(?:namespace|module)\\s+(?<name>[\\p{L}_][\\p{L}\\p{N}_.\\\\]*)\\s*\\{?\\s*$')),
  define('type_alias', line(`${MODIFIERS}(?:typealias|typedef|type)\\s+${NAME}(?=[^=\\n]*=)`)),
]
/** `fun <T> List<T>.second()`: what a function is an extension of stands before its name. */
const FUNCTIONS = [
  define(
    'function',
    line(`${MODIFIERS}(?:fun|func|function|fn)\\s+(?:<[^>]*>\\s*)?(?:[\\p{L}_][\\p{L}\\p{N}_<>?,]*\\.)?&?${NAME}\\s*[(<]`),
  ),
  define('function', line(`${MODIFIERS}def\\s+(?<name>[^\\s(\\[:={]+)`)),
]
const VALUES = [define('field', line(`${MODIFIERS}(?:val|var|let)\\s+(?:[\\p{L}_][\\p{L}\\p{N}_<>?,]*\\.)?${NAME}\\s*[:=]`), true)]
/** A type, a name and parameters, as C and its children write a method: not what opens with a word of a statement, nor a call that ends with `;`. */
const STATEMENT =
  '(?!(?:return|if|for|foreach|while|switch|catch|using|lock|new|throw|await|else|yield|case|assert|do|try|goto|typeof|sizeof|import|export|part|library|in|is|not|and|or)\\b)'
const TYPED_METHODS = [
  define(
    'method',
    line(
      `${MODIFIERS}${STATEMENT}[\\p{L}_][\\p{L}\\p{N}_.<>\\[\\],?]*(?:<[^()=]*>)?[?*&]*\\s+(?:operator\\s*)?${NAME}\\s*(?:<[^()]*>)?\\((?![^;]*\\)\\s*;\\s*$)`,
    ),
    true,
  ),
  define('method', line(`(?:(?:public|private|protected|internal|static)\\s+)+${NAME}\\s*\\(`), true),
  define('method', line(`${MODIFIERS}[\\p{L}_][\\p{L}\\p{N}_.<>\\[\\],? ]*\\s+${NAME}\\([^;{]*\\)\\s*;\\s*$`), true),
]
const PROPERTIES = [
  define(
    'field',
    line(
      `(?:(?:public|private|protected|internal|static|readonly|virtual|override|abstract|required|const|sealed|new)\\s+)+[\\p{L}_][^(){};=]*?\\s${NAME}\\s*(?:\\{|=>|=|;)`,
    ),
    true,
  ),
  define('method', line(`${MODIFIERS}[\\p{L}_][\\p{L}\\p{N}_<>?]*\\s+get\\s+${NAME}\\s*(?:=>|\\{|async)`), true),
]

const JVM: Customs = { definitions: [...TYPES, ...FUNCTIONS, ...VALUES] }
const SWIFT: Customs = {
  definitions: [...TYPES, ...FUNCTIONS, define('method', line(`${MODIFIERS}(?<name>init|deinit|subscript)\\s*[?!<(]`), true), ...VALUES],
}
const TYPED: Customs = { definitions: [...TYPES, ...PROPERTIES, ...TYPED_METHODS] }
const PHP: Customs = {
  definitions: [...TYPES, ...FUNCTIONS, define('const', line(`${MODIFIERS}const\\s+(?:\\w+\\s+)?${NAME}\\s*=`), true)],
}
const RUBY: Customs = {
  definitions: [
    define('module', line('module\\s+(?<name>[A-Z][\\w:]*)')),
    define('class', line('class\\s+(?<name>[A-Z][\\w:]*)')),
    define(
      'method',
      line(
        '(?:(?:private|protected|public|private_class_method|memoize)\\s+)?def\\s+(?:self\\.|[A-Z]\\w*\\.)?(?<name>[^\\s(;=]+(?:=(?=\\())?)',
      ),
    ),
    define('const', line('(?<name>[A-Z][A-Z0-9_]+)\\s*(?:\\|\\|)?=(?!=)'), true),
    define('field', line('(?:attr_accessor|attr_reader|attr_writer|scope|has_many|has_one|belongs_to|delegate)\\s+:(?<name>\\w+)'), true),
  ],
}
const ELIXIR: Customs = {
  definitions: [
    define('module', line('(?:defmodule|defprotocol|defimpl)\\s+(?<name>[A-Z][\\w.]*)')),
    define('function', line('(?:def|defp|defguard|defguardp|defdelegate|defn|defnp)\\s+(?<name>[\\w?!]+)')),
    define('macro', line('(?:defmacro|defmacrop)\\s+(?<name>[\\w?!]+)')),
    define('struct', line('(?<name>defstruct)\\b'), true),
    define('type_alias', line('@(?:type|opaque|typep|callback)\\s+(?<name>\\w+)')),
  ],
}
const LUA: Customs = {
  definitions: [
    define('function', line('(?:local\\s+)?function\\s+(?:[\\w.]+[.:])?(?<name>\\w+)\\s*\\(')),
    define('function', line('(?:local\\s+)?(?:[\\w.]+[.])?(?<name>\\w+)\\s*=\\s*function\\s*\\(')),
  ],
}
const SHELL: Customs = {
  definitions: [
    define('function', line('function\\s+(?<name>[\\w.:-]+)')),
    define('function', line('(?<name>[\\w.:-]+)\\s*\\(\\s*\\)\\s*(?:\\{|\\(|$)')),
  ],
}
const PERL: Customs = {
  definitions: [
    define('module', line('package\\s+(?<name>[\\w:]+)\\s*\\{')),
    define('function', line('(?:sub|method|fun)\\s+(?<name>\\w+)')),
  ],
}
const POWERSHELL: Customs = {
  definitions: [
    define('function', line('(?:function|filter)\\s+(?:\\w+:)?(?<name>[\\w-]+)')),
    define('class', line('class\\s+(?<name>\\w+)')),
  ],
}
const HASKELL: Customs = {
  flat: true,
  definitions: [
    define('type_alias', /^(?:data|newtype|type)\s+(?:family\s+|instance\s+)?(?:\([^)]*\)\s*=>\s*|[\w\s]*=>\s*)?(?<name>[A-Z][\w']*)/),
    define('trait', /^class\s+(?:.*=>\s*)?(?<name>[A-Z][\w']*)/),
    define('impl', /^(?:deriving\s+)?instance\s+(?:\{-#.*#-\}\s*)?(?:.*=>\s*)?(?<name>[A-Z][\w'.]*)/),
    define('function', /^(?<name>[a-z_][\w']*)\s*(?:,\s*[\w']+\s*)*::/),
  ],
}
const ML: Customs = {
  definitions: [
    define('module', line('module\\s+(?:type\\s+|rec\\s+)?(?<name>[A-Z]\\w*)')),
    define(
      'type_alias',
      line(
        "(?:type|and)\\s+(?:(?:private|nonrec|public|internal)\\s+)?(?:\\([^)]*\\)\\s*|'\\w+\\s+)?(?<name>[\\p{L}_]\\w*)(?:<[^>]*>)?\\s*(?:\\([^)]*\\)\\s*)?=",
      ),
    ),
    define(
      'function',
      line(
        "(?:let|val|external|method|member|abstract|override|static\\s+member|and)\\s+(?:(?:rec|inline|private|internal|mutable|virtual)\\s+)*(?:\\w+\\.)?(?<name>[a-z_A-Z][\\w']*)",
      ),
      true,
    ),
  ],
}
const ERLANG: Customs = {
  flat: true,
  definitions: [
    define('function', /^(?<name>[a-z]\w*)\s*\(/),
    define('struct', /^-record\(\s*(?<name>\w+)/),
    define('type_alias', /^-(?:type|opaque|callback)\s+(?<name>\w+)/),
  ],
}
const LISP: Customs = {
  definitions: [
    define(
      'function',
      line(
        '\\((?:s\\/)?(?:defn-?|defun|defmethod|defmulti|define|define-syntax|deftest|cl-defun|def|defonce|defvar|defconst|defparameter)\\s+(?:\\^\\S+\\s+)*\\(?(?<name>[^\\s()\\[\\]]+)',
      ),
    ),
    define('macro', line('\\(defmacro\\s+(?<name>[^\\s()]+)')),
    define('class', line('\\((?:defrecord|deftype|defstruct|defclass|defprotocol)\\s+\\(?(?<name>[^\\s()]+)')),
  ],
}
const R: Customs = { definitions: [define('function', line('(?<name>[\\w.]+)\\s*(?:<-|=)\\s*function\\s*\\('))] }
const JULIA: Customs = {
  definitions: [
    define('module', line('(?:bare)?module\\s+(?<name>\\w+)')),
    define('struct', line('(?:mutable\\s+)?(?:struct|abstract\\s+type|primitive\\s+type)\\s+(?<name>\\w+)')),
    define('macro', line('macro\\s+(?<name>\\w+)')),
    define('function', line('(?:@\\w+\\s+)*function\\s+(?:\\w+\\.)*(?<name>[\\w!]+)')),
    define('function', /^(?:\w+\.)*(?<name>[\w!]+)\([^=]*\)\s*(?:where\s[^=]*)?=(?!=)/),
  ],
}
const ZIG: Customs = {
  definitions: [
    define('struct', line('(?:pub\\s+)?const\\s+(?<name>\\w+)\\s*=\\s*(?:extern\\s+|packed\\s+)?(?:struct|enum|union|opaque|error)\\b')),
    define('function', line('(?:pub\\s+|export\\s+|inline\\s+|extern\\s+(?:"\\w+"\\s+)?)*fn\\s+(?<name>\\w+)\\s*\\(')),
    define('function', line('test\\s+"(?<name>[^"]+)"')),
    define('const', line('(?:pub\\s+)?const\\s+(?<name>\\w+)(?:\\s*:[^=]+)?\\s*=(?!\\s*@import)'), true),
  ],
}
const NIM: Customs = {
  definitions: [
    define('function', line('(?:proc|func|method|iterator|converter|template)\\s+(?<name>`[^`]+`|\\w+)')),
    define('macro', line('macro\\s+(?<name>\\w+)')),
    define('type_alias', line('(?<name>[A-Z]\\w*)\\*?\\s*(?:\\[[^\\]]*\\])?\\s*=\\s*(?:ref\\s+)?(?:object|enum|distinct|tuple)\\b')),
  ],
}
const SQL: Customs = {
  definitions: [
    define(
      'type_alias',
      /^\s*create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|unique\s+|materialized\s+)*(?:table|view|function|procedure|trigger|type|index|domain|sequence)\s+(?:if\s+not\s+exists\s+)?["`[]?(?:\w+["`\]]?\.["`[]?)?(?<name>\w+)/iu,
    ),
  ],
}
const SCHEMA: Customs = {
  definitions: [
    define('struct', line('(?:extend\\s+)?(?:message|type|input|struct|exception|union|scalar)\\s+(?<name>\\w+)')),
    define('enum', line('enum\\s+(?<name>\\w+)')),
    define('interface', line('(?:service|interface)\\s+(?<name>\\w+)')),
    define('method', line('rpc\\s+(?<name>\\w+)')),
  ],
}
const SOLIDITY: Customs = {
  definitions: [
    define('class', line('(?:abstract\\s+)?(?:contract|library)\\s+(?<name>\\w+)')),
    define('interface', line('interface\\s+(?<name>\\w+)')),
    define('struct', line('(?:struct|enum)\\s+(?<name>\\w+)')),
    define('function', line('(?:function|modifier|event|error)\\s+(?<name>\\w+)')),
  ],
}
const HCL: Customs = {
  definitions: [define('struct', /^(?:resource|data|module|variable|output|provider)\s+"(?:[\w-]+"\s+")?(?<name>[\w-]+)"/)],
}

/** The customs of a language by the ending of its files. Those with a folder in `languages/` are read by their grammar. */
export const CUSTOMS: Readonly<Record<string, Customs>> = {
  kt: JVM,
  kts: JVM,
  scala: JVM,
  sc: JVM,
  groovy: { definitions: [...TYPES, ...FUNCTIONS, ...TYPED_METHODS] },
  swift: SWIFT,
  cs: TYPED,
  dart: {
    definitions: [
      ...TYPES,
      ...PROPERTIES,
      ...TYPED_METHODS,
      define('method', line(`(?:const\\s+|factory\\s+)*(?<name>[A-Z][\\w.]*)\\(`), true),
    ],
  },
  php: PHP,
  rb: RUBY,
  rake: RUBY,
  ex: ELIXIR,
  exs: ELIXIR,
  lua: LUA,
  sh: SHELL,
  bash: SHELL,
  zsh: SHELL,
  pl: PERL,
  pm: PERL,
  ps1: POWERSHELL,
  psm1: POWERSHELL,
  hs: HASKELL,
  elm: HASKELL,
  ml: ML,
  mli: ML,
  fs: ML,
  erl: ERLANG,
  hrl: ERLANG,
  clj: LISP,
  cljs: LISP,
  cljc: LISP,
  el: LISP,
  lisp: LISP,
  scm: LISP,
  rkt: LISP,
  r: R,
  jl: JULIA,
  zig: ZIG,
  nim: NIM,
  sql: SQL,
  proto: SCHEMA,
  graphql: SCHEMA,
  thrift: SCHEMA,
  sol: SOLIDITY,
  tf: HCL,
}
